#include "drivers/can/asc.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/rejections.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::string_view kFrame =
    "   0.010442 1  CF00400x        Rx   d 8 F0 7D 7D 68 13 FF 0F 7D";

/// What the last of several lines says.
AscLine Last(std::initializer_list<std::string_view> lines,
             std::optional<UtcTime> start = std::nullopt) {
  AscDecoder decoder(start);
  AscLine last;
  for (const std::string_view line : lines) last = decoder.Decode(line);
  return last;
}

std::vector<std::uint8_t> DataOf(const AscLine& line) {
  REQUIRE(line.frame);
  return {line.frame->data().begin(), line.frame->data().end()};
}

}  // namespace

TEST_CASE("Asc: a frame's time is the date and its own") {
  const AscLine read =
      Last({"date Tue Nov 14 22:13:20 2023", "base hex  timestamps absolute", kFrame});
  REQUIRE(read.frame);
  CHECK(read.time == UtcTime{Duration{1'700'000'000'010'442}});
  CHECK(read.frame->extended);
  CHECK(read.frame->id == 0xCF00400);
  CHECK(DataOf(read) == std::vector<std::uint8_t>{0xF0, 0x7D, 0x7D, 0x68, 0x13, 0xFF, 0x0F, 0x7D});
}

TEST_CASE("Asc: dates of both clocks, a trigger block, and a beginning that is given") {
  const auto hour_of = [](std::string_view date) {
    const AscLine read = Last({date, kFrame});
    return ToString(read.time);
  };
  CHECK(hour_of("date Thu Apr 20 10:26:43 pm 2023") == "2023-04-20T22:26:43.010442Z");
  CHECK(hour_of("date Thu Apr 20 12:26:43.500 AM 2023") == "2023-04-20T00:26:43.510442Z");
  CHECK(hour_of("Begin Triggerblock Thu Apr 20 10:26:43 2023") == "2023-04-20T10:26:43.010442Z");
  CHECK(Last({"date Thu Apr 20 10:26:43 2023", kFrame}, UtcTime{Duration{1'000'000}}).time ==
        UtcTime{Duration{1'010'442}});
  for (const char* const date :
       {"date", "date Thu Okt 20 10:26:43 2023", "date Thu Apr 20 1026 2023",
        "date Thu Apr 31 10:26:43 2023", "date Thu Apr x 10:26:43 2023"}) {
    CAPTURE(date);
    CHECK(Last({date, kFrame}).refused == reason::kBadTime);
  }
}

TEST_CASE("Asc: times that count from the line before, and decimal numbers") {
  const std::string_view date = "date Tue Nov 14 22:13:20 2023";
  CHECK(Last({date, "base hex timestamps relative", kFrame, kFrame}).time ==
        UtcTime{Duration{1'700'000'000'020'884}});
  AscDecoder decoder(UtcTime{});
  decoder.Decode("base hex timestamps relative");
  for (int n = 0; n < 10'000; ++n) {
    CHECK(decoder.Decode("1000000000 1 123 Rx d 0").refused ==
          (n == 0 ? std::string_view() : reason::kBadTime));
  }
  CHECK(decoder.Decode("0 1 123 Rx d 0").time == UtcTime{std::chrono::seconds{1'000'000'000}});
  const AscLine decimal =
      Last({date, "base dec timestamps absolute", "0.1 1 217056256x Rx d 2 255 16"});
  REQUIRE(decimal.frame);
  CHECK(decimal.frame->id == 0xCF00400);
  CHECK(DataOf(decimal) == std::vector<std::uint8_t>{255, 16});
}

TEST_CASE("Asc: short identifiers, requests, errors and what stands behind the data") {
  const auto read = [](std::string_view line) {
    return Last({"date Tue Nov 14 22:13:20 2023", line});
  };
  const AscLine standard =
      read("0.5 2  7E8 Tx d 3 02 41 05  Length = 240000 BitCount = 124 ID = 100");
  CHECK_FALSE(standard.frame->extended);
  CHECK(DataOf(standard) == std::vector<std::uint8_t>{2, 0x41, 5});
  CHECK(read("0.5 1 123 Rx r 8").frame->kind == CanFrame::Kind::kRemote);
  CHECK(read("0.5 1  ErrorFrame").frame->kind == CanFrame::Kind::kError);
  CHECK(read("0.5 1 123 Rx d f 1 2 3 4 5 6 7 8").frame->length == 8);
  CHECK(read("0.5 1 123 Rx d 0").frame->length == 0);
  for (const char* const head : {"no internal events logged", "// version 8.5", "End TriggerBlock",
                                 "0.0 Start of measurement"}) {
    CAPTURE(head);
    CHECK_FALSE(read(head).frame);
    CHECK(read(head).refused.empty());
  }
}

TEST_CASE("Asc: what can't be, or isn't read, is refused with its reason") {
  struct Case {
    const char* line;
    std::string_view reason;
  };
  for (const auto& [line, reason] : {
           Case{"", reason::kMalformed},
           Case{"12x 1 123 Rx d 0", reason::kMalformed},
           Case{"-1.0 1 123 Rx d 0", reason::kMalformed},
           Case{"0.5 1 800 Rx d 0", reason::kMalformed},
           Case{"0.5 1 20000000x Rx d 0", reason::kMalformed},
           Case{"0.5 1 123 Rx d 2 00", reason::kMalformed},
           Case{"0.5 1 123 Rx d 1 100", reason::kMalformed},
           Case{"0.5 1 123 Rx d g", reason::kMalformed},
           Case{"0.5 1 123 Up d 0", reason::kMalformed},
           Case{"0.5 1 123 Rx x 0", reason::kMalformed},
           Case{"0.5 1", reason::kMalformed},
           Case{"0.5 CANFD   1 Rx        123 1 0 3  3 00 01 02", reason::kUnreadType},
           Case{"0.5 1  Statistic: D 0 R 0 XD 12 XR 0 E 0 O 0 B 1.2%", reason::kUnreadType},
           Case{"0.5 J1939TP FEE3p 6 0 0 - Rx d 23 A0 0F", reason::kUnreadType},
       }) {
    CAPTURE(line);
    CHECK(Last({"date Tue Nov 14 22:13:20 2023", line}).refused == reason);
  }
}

TEST_CASE("Asc: a log is known by its first line") {
  CHECK(LooksLikeAsc("date Tue Nov 14 22:13:20 2023"));
  CHECK(LooksLikeAsc("base hex  timestamps absolute"));
  CHECK_FALSE(LooksLikeAsc("date,engine_rpm"));
  CHECK_FALSE(LooksLikeAsc("base"));
}

TEST_CASE("Asc: spoilt lines are read or refused, and a frame keeps its bounds") {
  std::mt19937 random(1);
  const std::vector<std::string> lines = Corpus("asc");
  REQUIRE(lines.size() > 5);
  AscDecoder decoder(std::nullopt);
  for (int n = 0; n < 20'000; ++n) {
    const std::string line = Mutate(lines[static_cast<std::size_t>(n) % lines.size()], random);
    CAPTURE(line);
    const AscLine read = decoder.Decode(line);
    if (!read.frame) continue;
    CHECK(read.frame->length <= read.frame->bytes.size());
    CHECK(read.frame->id <= 0x1FFFFFFF);
  }
}

}  // namespace fleet_edge::drivers
