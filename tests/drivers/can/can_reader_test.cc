#include "drivers/can/can_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Eight = std::array<std::uint8_t, 8>;

constexpr Eight kNothing{255, 255, 255, 255, 255, 255, 255, 255};

/// Wheel speed, from the bytes' high part alone: a whole number of km/h.
Eight Speed(std::uint8_t kmh) { return {255, 0, kmh, 255, 255, 255, 255, 255}; }

struct Bus {
  void Send(std::uint32_t id, const Eight& bytes, Duration after = milliseconds{10}) {
    time += after;
    reader.Read({.id = id, .extended = true, .length = 8, .bytes = bytes}, Now(), readings,
                refusals);
  }

  CanTime Now() const { return {time + stepped, CanTime::Recorded(time).boot}; }

  /// A message by BAM, its packets one after another.
  void Broadcast(std::uint8_t source, std::uint32_t pgn, const std::vector<std::uint8_t>& data,
                 std::size_t packets) {
    Send(0x18ECFF00U | source,
         {32, static_cast<std::uint8_t>(data.size()), static_cast<std::uint8_t>(data.size() >> 8U),
          static_cast<std::uint8_t>((data.size() + 6) / 7), 255, static_cast<std::uint8_t>(pgn),
          static_cast<std::uint8_t>(pgn >> 8U), static_cast<std::uint8_t>(pgn >> 16U)});
    for (std::size_t packet = 0; packet < packets; ++packet) {
      Eight bytes = kNothing;
      bytes[0] = static_cast<std::uint8_t>(packet + 1);
      for (std::size_t i = 0; i < 7 && packet * 7 + i < data.size(); ++i) {
        bytes.at(i + 1) = data[packet * 7 + i];
      }
      Send(0x18EBFF00U | source, bytes);
    }
  }

  std::size_t Refused(std::string_view reason) const {
    return static_cast<std::size_t>(std::ranges::count(refusals, reason, &CanRefusal::reason));
  }

  SeriesRegistry registry;
  CanReader reader{{}, registry, 7};
  UtcTime time{seconds{1'700'000'000}};
  Duration stepped{};  // the wall clock, against the one that doesn't
  std::vector<Reading> readings;
  std::vector<CanRefusal> refusals;
};

}  // namespace

TEST_CASE_FIXTURE(Bus, "CanReader: a frame is a reading, at its time") {
  Send(0x18FEF100, Speed(80));
  REQUIRE(readings.size() == 1);
  CHECK(ToString(*readings[0].series) == "vehicle_speed_kmh");
  CHECK(readings[0].value == 80);
  CHECK(readings[0].time == time);
  CHECK(readings[0].quality == Quality::kGood);
  CHECK(readings[0].driver == 7);
  CHECK(refusals.empty());
}

TEST_CASE_FIXTURE(Bus, "CanReader: of two senders the one that has a value is believed") {
  for (int n = 0; n < 10; ++n) {
    Send(0x18FEF131, kNothing);  // always not available
    Send(0x18FEF100, Speed(80));
  }
  CHECK(readings.size() == 10);
  CHECK(refusals.empty());
}

TEST_CASE_FIXTURE(Bus, "CanReader: another sender's turn comes when the first is silent") {
  Send(0x18FEF100, Speed(80));
  Send(0x18FEF131, Speed(10));
  CHECK(readings.size() == 1);
  CHECK(Refused(reason::kOtherSource) == 1);
  Send(0x18FEF131, Speed(11), seconds{6});
  REQUIRE(readings.size() == 2);
  CHECK(readings[1].value == 11);
  Send(0x18FEF100, Speed(81));
  CHECK(readings.size() == 2);
}

TEST_CASE_FIXTURE(Bus, "CanReader: ages don't follow the steps of the wall clock") {
  Send(0x18FEF100, Speed(80));
  stepped = std::chrono::hours{1};
  reader.MarkSilent(Now(), seconds{10}, readings);
  Send(0x18FEF131, Speed(10));
  CHECK(readings.size() == 1);
  CHECK(Refused(reason::kOtherSource) == 1);
  stepped = -std::chrono::hours{1};
  time += seconds{11};
  reader.MarkSilent(Now(), seconds{10}, readings);
  REQUIRE(readings.size() == 2);
  CHECK(readings[1].quality == Quality::kStale);
  CHECK(readings[1].time == time + stepped);
}

TEST_CASE_FIXTURE(Bus, "CanReader: an error is told by its signal") {
  Send(0x18FEF100, {255, 0, 0xFE, 255, 255, 255, 255, 255});
  CHECK(readings.empty());
  REQUIRE(refusals.size() == 1);
  CHECK(refusals[0].reason == reason::kDeviceError);
  CHECK(refusals[0].signal == "vehicle_speed_kmh");
}

TEST_CASE("CanReader: where the registry is full, what is not handed on is counted") {
  SeriesRegistry full(0);
  CanDecoding decoding;
  decoding.dbc.emplace_back().target.signal = "tire_kpa";
  CanReader reader(decoding, full, 7);
  std::vector<Reading> readings;
  std::vector<CanRefusal> refusals;
  reader.Read({.id = 0x18FEF100, .extended = true, .length = 8, .bytes = Speed(80)}, {}, readings,
              refusals);
  CHECK(readings.empty());
  REQUIRE(refusals.size() == 1);
  CHECK(refusals[0].reason == reason::kSeriesLimit);
  CHECK(refusals[0].signal == "vehicle_speed_kmh");
}

TEST_CASE_FIXTURE(Bus, "CanReader: what is not J1939, or not read, is counted") {
  reader.Read({.id = 0x7E8, .length = 8}, Now(), readings, refusals);
  reader.Read({.id = 0x18FEF100, .extended = true, .kind = CanFrame::Kind::kRemote}, Now(),
              readings, refusals);
  Send(0x18FECA00, kNothing);
  CHECK(Refused(reason::kUnreadType) == 3);
  reader.Read({.id = 4, .kind = CanFrame::Kind::kError, .length = 8}, Now(), readings, refusals);
  CHECK(Refused(reason::kBusError) == 1);
  CHECK(readings.empty());
}

TEST_CASE_FIXTURE(Bus, "CanReader: a message of several packets is put together") {
  std::vector<std::uint8_t> data(20, 255);
  data[1] = 0;
  data[2] = 55;
  Broadcast(0, 65265, data, 3);
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].value == 55);
  CHECK(refusals.empty());
}

TEST_CASE_FIXTURE(Bus,
                  "CanReader: packets that are missing, late or without a beginning give none") {
  const std::vector<std::uint8_t> data(20, 0);
  Broadcast(0, 65265, data, 1);
  Send(0x18EBFF00, {3, 0, 0, 0, 0, 0, 0, 0});  // the second is missing
  CHECK(Refused(reason::kMalformed) == 1);
  Broadcast(0, 65265, data, 2);
  Send(0x18EBFF00, {3, 0, 0, 0, 0, 0, 0, 0}, seconds{1});
  CHECK(Refused(reason::kMalformed) == 2);
  Send(0x18EBFF05, {1, 0, 0, 0, 0, 0, 0, 0});
  Broadcast(0, 65265, std::vector<std::uint8_t>(8, 0), 0);  // would fit into one frame
  CHECK(Refused(reason::kMalformed) == 3);
  for (std::uint8_t source = 0; source < 17; ++source) Broadcast(source, 65265, data, 1);
  CHECK(Refused(reason::kMalformed) == 4);  // the longest silent has given way
  CHECK(readings.empty());
}

TEST_CASE_FIXTURE(Bus, "CanReader: any bytes at all are read or refused") {
  std::mt19937 random(1);
  for (int n = 0; n < 200'000; ++n) {
    Eight bytes;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const auto any = static_cast<std::uint32_t>(random());
    const std::uint32_t transport = (n % 2 == 0 ? 0x18ECFF00U : 0x18EBFF00U) | (any % 20);
    if (n % 4 == 0) bytes[0] = 32;
    Send(n % 5 == 0 ? any & 0x1FFFFFFFU : transport, bytes, milliseconds{any % 300});
    readings.clear();
    refusals.clear();
  }
}

}  // namespace fleet_edge::drivers
