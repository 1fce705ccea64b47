#include "simulators/interfaces/obd_answer.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Message = std::vector<std::uint8_t>;
using Bytes = std::array<std::uint8_t, 8>;

VehicleState Driving() {
  VehicleState state;
  state.vehicle_speed_kmh = 50.4;
  state.engine_rpm = 1726;
  state.engine_coolant_celsius = -7.3;
  state.engine_load_percent = 100;
  state.battery_volts = 13.824;
  return state;
}

ObdSaid Asked(const Message& request) { return AnswerObd(request, Driving()); }

}  // namespace

TEST_CASE("OBD answer: each PID as SAE J1979 writes it down") {
  CHECK(Asked({0x01, 0x0D}).message == Message{0x41, 0x0D, 50});
  CHECK(Asked({0x01, 0x0C}).message == Message{0x41, 0x0C, 0x1A, 0xF8});
  CHECK(Asked({0x01, 0x05}).message == Message{0x41, 0x05, 33});
  CHECK(Asked({0x01, 0x04}).message == Message{0x41, 0x04, 0xFF});
  CHECK(Asked({0x01, 0x42}).message == Message{0x41, 0x42, 0x36, 0x00});
  CHECK(Asked({0x01, 0x05}).values.at(0).value == -7);
}

TEST_CASE("OBD answer: the bitmaps name what there is") {
  CHECK(Asked({0x01, 0x00}).message == Message{0x41, 0x00, 0x18, 0x1A, 0x80, 0x01});
  CHECK(Asked({0x01, 0x20}).message == Message{0x41, 0x20, 0x00, 0x02, 0x00, 0x01});
  CHECK(Asked({0x01, 0x40}).message == Message{0x41, 0x40, 0x44, 0x00, 0x00, 0x00});
  CHECK(Asked({0x01, 0x60}).message.empty());
}

TEST_CASE("OBD answer: several PIDs at once, without those that there are not") {
  const ObdSaid said = Asked({0x01, 0x0D, 0x5C, 0x05});
  CHECK(said.message == Message{0x41, 0x0D, 50, 0x05, 33});
  CHECK(said.values.size() == 2);
  CHECK(Asked({0x01, 0x5C}).message.empty());
  CHECK(Asked({0x03}).message.empty());
  CHECK(Asked({0x09, 0x02}).message.empty());
  CHECK(Asked({}).message.empty());
}

TEST_CASE("OBD answer: up to seven bytes are one frame, twenty are three") {
  const auto single = EncodeIsoTp(Message{0x41, 0x0D, 0x32});
  REQUIRE(single.size() == 1);
  CHECK(single[0].id == 0x7E8);
  CHECK_FALSE(single[0].extended);
  CHECK(single[0].bytes == Bytes{0x03, 0x41, 0x0D, 0x32, 0x55, 0x55, 0x55, 0x55});

  Message twenty(20);
  std::iota(twenty.begin(), twenty.end(), std::uint8_t{1});
  const auto frames = EncodeIsoTp(twenty);
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].bytes == Bytes{0x10, 0x14, 1, 2, 3, 4, 5, 6});
  CHECK(frames[1].bytes == Bytes{0x21, 7, 8, 9, 10, 11, 12, 13});
  CHECK(frames[2].bytes == Bytes{0x22, 14, 15, 16, 17, 18, 19, 20});
}

}  // namespace fleet_edge::simulators
