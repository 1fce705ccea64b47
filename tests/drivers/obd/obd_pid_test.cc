#include "drivers/obd/obd_pid.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/signal.h"
#include "core/unit.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using Message = std::vector<std::uint8_t>;

double Value(const Message& message) {
  const ObdResponse response = ReadObdResponse(message);
  CHECK(response.refused.empty());
  REQUIRE(response.values.size() == 1);
  return response.values[0].value;
}

std::string Supported(const Message& message) {
  std::string names;
  for (const std::uint8_t pid : ReadObdResponse(message).supported) {
    names += (names.empty() ? "" : " ") + ObdPidName(pid);
  }
  return names;
}

}  // namespace

TEST_CASE("ObdPid: temperatures, frost too") {
  CHECK(Value({0x41, 0x05, 0x7B}) == 83);  // the ELM327 data sheet, "Talking to the Vehicle"
  CHECK(Value({0x41, 0x05, 0x00}) == -40);
  CHECK(Value({0x41, 0x05, 0xFF}) == 215);
  CHECK(Value({0x41, 0x0F, 0x27}) == -1);
  CHECK(Value({0x41, 0x46, 0x0F}) == -25);
  CHECK(Value({0x41, 0x5C, 0x8C}) == 100);
}

TEST_CASE("ObdPid: speed, engine, fuel, voltage, distances") {
  CHECK(Value({0x41, 0x0D, 0x00}) == 0);
  CHECK(Value({0x41, 0x0D, 0xFF}) == 255);
  CHECK(Value({0x41, 0x0C, 0x1A, 0xF8}) == 1726);  // the ELM327 data sheet
  CHECK(Value({0x41, 0x0C, 0xFF, 0xFF}) == 16'383.75);
  CHECK(Value({0x41, 0x2F, 0xFF}) == doctest::Approx(100));
  CHECK(Value({0x41, 0x2F, 0x80}) == doctest::Approx(128 / 2.55));
  CHECK(Value({0x41, 0x42, 0x30, 0x5E}) == doctest::Approx(12.382));
  CHECK(Value({0x41, 0x42, 0xFF, 0xFF}) == doctest::Approx(65.535));
  CHECK(Value({0x41, 0x04, 0x33}) == doctest::Approx(20));
  CHECK(Value({0x41, 0x11, 0x2D}) == doctest::Approx(17.647058));
  CHECK(Value({0x41, 0x0E, 0x8A}) == 5);
  CHECK(Value({0x41, 0x1F, 0x01, 0x2C}) == 300);
  CHECK(Value({0x41, 0x31, 0x20, 0x44}) == 8260);
  CHECK(Value({0x41, 0x10, 0x01, 0x90}) == doctest::Approx(4));
  CHECK(Value({0x41, 0x61, 0x00}) == -125);
  CHECK(Value({0x41, 0xA6, 0x00, 0x12, 0xD6, 0x87}) == doctest::Approx(123456.7));
}

// BE 3E B8 11 and BE 1F A8 13: the ELM327 data sheet, and SAE J1979's bit order.
TEST_CASE("ObdPid: which parameters are supported") {
  CHECK(Supported({0x41, 0x00, 0xBE, 0x3E, 0xB8, 0x11}) ==
        "01 03 04 05 06 07 0B 0C 0D 0E 0F 11 13 14 15 1C 20");
  CHECK(Supported({0x41, 0x20, 0x80, 0x01, 0x80, 0x01}) == "21 30 31 40");
  CHECK(Supported({0x41, 0xE0, 0x00, 0x00, 0x00, 0x03}) == "FF");
  CHECK(Supported({0x41, 0x40, 0x00, 0x00, 0x00, 0x00}).empty());
}

TEST_CASE("ObdPid: several parameters in one message, padding behind them") {
  const ObdResponse response =
      ReadObdResponse(Message{0x41, 0x0D, 0x50, 0x0C, 0x1A, 0xF8, 0x05, 0x7B, 0x00, 0x00});
  REQUIRE(response.values.size() == 3);
  CHECK(response.values[0].value == 80);
  CHECK(response.values[1].value == 1726);
  CHECK(response.values[2].value == 83);
  CHECK(response.refused.empty());
}

TEST_CASE("ObdPid: a refusal has its code") {
  const ObdResponse response = ReadObdResponse(Message{0x7F, 0x01, 0x12});
  CHECK(response.negative == 0x12);
  CHECK(response.refused.empty());
}

TEST_CASE("ObdPid: what can't be read is refused, with what came before it kept") {
  const std::map<Message, std::string_view> refused{
      {{}, reason::kMalformed},
      {{0x41}, reason::kMalformed},
      {{0x41, 0x0C, 0x1A}, reason::kMalformed},
      {{0x41, 0x00, 0xBE, 0x3E}, reason::kMalformed},
      {{0x41, 0x01, 0, 0, 0, 0}, reason::kUnreadType},
      {{0x49, 0x02, 0x01}, reason::kUnreadType},
      {{0x7F, 0x09, 0x12}, reason::kUnreadType},
      {{0x7F, 0x01}, reason::kUnreadType},
      {{0x41, 0x0D, 0x50, 0x0C, 0x1A}, reason::kMalformed}};
  for (const auto& [message, reason] : refused) CHECK(ReadObdResponse(message).refused == reason);
  CHECK(ReadObdResponse(Message{0x41, 0x0D, 0x50, 0x0C, 0x1A}).values.size() == 1);
}

TEST_CASE("ObdPid: numbers are hexadecimal, with and without 0x") {
  CHECK(ParseObdPid("0x5C") == 0x5C);
  CHECK(ParseObdPid("5c") == 0x5C);
  CHECK(ParseObdPid("05") == 5);
  for (const char* const bad : {"", "0x", "0x100", "5G", "-1", " 5"}) {
    CHECK_FALSE(ParseObdPid(bad));
  }
}

TEST_CASE("ObdPid: the table is in order, and its signals are the catalogue's, in units that fit") {
  CHECK(std::ranges::is_sorted(ObdPids(), std::ranges::less_equal{}, &ObdPid::pid));
  for (const ObdPid& pid : ObdPids()) {
    CAPTURE(pid.description);
    CHECK(FindObdPid(pid.pid) == &pid);
    CHECK_FALSE(IsObdBitmap(pid.pid));
    if (pid.signal.empty()) continue;
    const Signal* const signal = FindSignal(pid.signal);
    REQUIRE(signal != nullptr);
    CHECK(FindConversion(pid.unit, signal->unit));
  }
  CHECK(FindObdPid(0x01) == nullptr);
  CHECK(FindObdPid(0xFF) == nullptr);
}

}  // namespace fleet_edge::drivers
