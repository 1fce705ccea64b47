#include "uplink/batch_encoder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/signal.h"
#include "core/time.h"
#include "fleet/v1/telemetry.pb.h"
#include "tests/support/batch_decoder.h"
#include "tests/support/recorded_trip.h"
#include "uplink/batch_decoder.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using Encoding = BatchEncoder::Encoding;

const Identity kIdentity{
    .vehicle = "tanker-1", .epoch = (1'700'000'000'000U << 20U) + 7, .boot = 9};
constexpr UtcTime kStart{Duration{1'700'000'000'123'000}};

fleet::v1::TelemetryBatch Encode(std::span<const Reading> readings,
                                 Encoding encoding = Encoding::kDelta) {
  BatchEncoder encoder(encoding);
  fleet::v1::TelemetryBatch batch;
  REQUIRE(batch.ParseFromString(encoder.Encode(kIdentity, 1, true, readings)));
  return batch;
}

/// What may be compared: readings keep their order within a series and quality alone.
using Key = std::tuple<std::string, Labels, int>;
using Columns = std::map<Key, std::vector<std::pair<std::int64_t, double>>>;

Columns ColumnsOf(std::span<const Reading> readings) {
  Columns columns;
  for (const Reading& reading : readings) {
    const Series& series = *reading.series;
    const int quality = reading.quality == Quality::kStale ? 3 : static_cast<int>(reading.quality);
    const Key key{series.name, series.labels, quality};
    columns[key].emplace_back(reading.time.time_since_epoch().count(), reading.value);
  }
  return columns;
}

Columns ColumnsOf(const std::vector<DecodedReading>& readings) {
  Columns columns;
  for (const DecodedReading& reading : readings) {
    columns[{reading.signal, reading.labels, reading.quality}].emplace_back(
        reading.time.time_since_epoch().count(), reading.value);
  }
  return columns;
}

bool SameValue(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool Same(const Columns& a, const Columns& b) {
  return std::ranges::equal(a, b, [](const auto& left, const auto& right) {
    return left.first == right.first &&
           std::ranges::equal(left.second, right.second, [](const auto& x, const auto& y) {
             return x.first == y.first && SameValue(x.second, y.second);
           });
  });
}

TEST_CASE("BatchEncoder: a batch tells whose it is") {
  SeriesRegistry registry;
  const Reading reading{.series = registry.Find("engine_rpm", {}), .time = kStart, .value = 900};
  const auto batch = Encode(std::vector{reading});
  CHECK(batch.vehicle() == "tanker-1");
  CHECK(batch.epoch() == kIdentity.epoch);
  CHECK(batch.seq() == 1);
  CHECK(batch.boot() == 9);
  CHECK(batch.clock_synced());
}

TEST_CASE("BatchEncoder: regular sampling costs a bit an instant, whatever the number of series") {
  SeriesRegistry registry;
  const auto size = [&](int count_seconds, const std::vector<std::string>& names) {
    std::vector<Reading> readings;
    for (int second = 0; second < count_seconds; ++second) {
      for (const std::string& name : names) {
        readings.push_back(
            {.series = registry.Find(name, {}), .time = kStart + seconds{second}, .value = 20});
      }
    }
    const auto batch = Encode(readings);
    CHECK(Same(ColumnsOf(Decode(batch)), ColumnsOf(readings)));
    return batch.columns().size();
  };
  CHECK(size(400, {"engine_rpm"}) <= size(200, {"engine_rpm"}) + 200 / 8 + 1);
  CHECK(size(400, {"engine_rpm", "fuel_percent"}) <= size(400, {"engine_rpm"}) + 4);
}

TEST_CASE("BatchEncoder: jittered, late and far-off times come back to the microsecond") {
  SeriesRegistry registry;
  const Series* const series = registry.Find("cargo_celsius", {{"zone", "1"}});
  std::vector<Reading> readings;
  for (const std::int64_t offset :
       std::vector<std::int64_t>{0, 1'000'250, 1'999'749, -5'000'000, 3'000'000'000}) {
    readings.push_back({.series = series, .time = kStart + Duration{offset}, .value = 21.5});
  }
  CHECK(Same(ColumnsOf(Decode(Encode(readings))), ColumnsOf(readings)));
}

TEST_CASE("BatchEncoder: NaN, infinities and values beyond 64 bits travel as they are") {
  SeriesRegistry registry;
  std::vector<Reading> readings;
  const auto add = [&](const char* name, double value) {
    readings.push_back({.series = registry.Find(name, {}), .time = kStart, .value = value});
  };
  add("not_catalogued", std::numeric_limits<double>::quiet_NaN());
  add("not_catalogued_2", -std::numeric_limits<double>::infinity());
  add("engine_rpm", 1e300);
  add("odometer_km", -std::numeric_limits<double>::denorm_min());
  add("third", 1.0 / 3);
  const auto decoded = ColumnsOf(Decode(Encode(readings)));
  auto expected = ColumnsOf(readings);
  // Catalogued with three decimals: rounded to its resolution.
  expected[{"odometer_km", {}, 0}].front().second = 0;
  CHECK(Same(decoded, expected));
}

TEST_CASE("BatchEncoder: a catalogued signal is rounded to its declared resolution") {
  SeriesRegistry registry;
  const Reading reading{
      .series = registry.Find("engine_coolant_celsius", {}), .time = kStart, .value = -40.26};
  const auto batch = Encode(std::vector{reading});
  CHECK(Decode(batch).front().value == -40.3);
}

TEST_CASE("BatchEncoder: readings of different quality stay apart") {
  SeriesRegistry registry;
  const Series* const series = registry.Find("engine_rpm", {});
  std::vector<Reading> readings;
  for (const Quality quality :
       {Quality::kGood, Quality::kSuspect, Quality::kOutOfRange, Quality::kStale, Quality::kGood}) {
    const auto second = static_cast<int>(readings.size());
    readings.push_back({.series = series,
                        .time = kStart + seconds{second},
                        .value = 800.0 + second,
                        .quality = quality});
  }
  const auto batch = Encode(readings);
  CHECK(batch.signals_size() == 4);
  CHECK(Same(ColumnsOf(Decode(batch)), ColumnsOf(readings)));
}

/// Any reading a driver may hand on: few series, wild values and times.
Reading RandomReading(std::mt19937& random, SeriesRegistry& registry) {
  const auto pick = [&](int n) { return std::uniform_int_distribution{0, n - 1}(random); };
  static const std::vector<std::string> kNames{"engine_rpm", "latitude_deg", "own_signal",
                                               "cargo_celsius", "another:own_signal"};
  static const std::vector<Quality> kQualities{Quality::kGood, Quality::kSuspect,
                                               Quality::kOutOfRange, Quality::kStale};
  Labels labels;
  if (pick(2) == 0) labels.Set("zone", std::to_string(pick(3)));
  if (pick(4) == 0) labels.Set("own_signal", "x");
  const int decimals = pick(6);
  const double value =
      std::round(std::normal_distribution{0.0, 1e4}(random)) / std::pow(10, decimals);
  const std::vector<double> specials{std::numeric_limits<double>::quiet_NaN(),
                                     std::numeric_limits<double>::infinity(), 1e18, -1e18,
                                     0.1 + 0.2};
  const bool is_special = pick(50) == 0;
  return {.series = registry.Find(kNames[static_cast<std::size_t>(pick(5))], labels),
          .time = kStart + Duration{std::int64_t{pick(60)} * 1'000'000 +
                                    (pick(2) == 0 ? 0 : pick(1'000'000))},
          .value = is_special ? specials[static_cast<std::size_t>(pick(5))] : value,
          .quality = pick(6) == 0 ? kQualities[static_cast<std::size_t>(pick(4))] : Quality::kGood};
}

/// Equal, or what the catalogue's resolution makes of it.
bool SameAtResolution(const std::string& signal, double decoded, double original) {
  const Signal* const catalogued = FindSignal(signal);
  if (catalogued == nullptr || !std::isfinite(original)) return SameValue(decoded, original);
  const double half = 0.5 / std::pow(10, catalogued->decimals);
  return std::abs(decoded - original) <= half * (1 + 1e-9) + std::abs(original) * 1e-15;
}

TEST_CASE("BatchEncoder: whatever readings come, the decoder has them back") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    SeriesRegistry registry;
    std::vector<Reading> readings;
    const int size = std::uniform_int_distribution{1, 400}(random);
    for (int i = 0; i < size; ++i) readings.push_back(RandomReading(random, registry));
    const Columns original = ColumnsOf(readings);

    CHECK(Same(ColumnsOf(Decode(Encode(readings, Encoding::kPlain))), original));

    const Columns decoded = ColumnsOf(Decode(Encode(readings)));
    CHECK(std::ranges::equal(decoded, original, [](const auto& left, const auto& right) {
      const std::string& signal = std::get<0>(left.first);
      return left.first == right.first &&
             std::ranges::equal(left.second, right.second, [&](const auto& x, const auto& y) {
               return x.first == y.first && SameAtResolution(signal, x.second, y.second);
             });
    }));
  }
}

TEST_CASE("BatchEncoder: one encoder writes batch after batch, each decodable by itself") {
  SeriesRegistry registry;
  BatchEncoder encoder(Encoding::kDelta);
  for (int n = 0; n < 3; ++n) {
    const std::vector<Reading> readings{
        {.series = registry.Find("own", {{"n", std::to_string(n)}}),
         .time = kStart,
         .value = 1.0 * n},
        {.series = registry.Find("own", {}), .time = kStart + milliseconds{n}, .value = -1}};
    fleet::v1::TelemetryBatch batch;
    REQUIRE(batch.ParseFromString(encoder.Encode(kIdentity, 1, true, readings)));
    CHECK(Same(ColumnsOf(Decode(batch)), ColumnsOf(readings)));
  }
}

TEST_CASE("BatchEncoder: ten thousand readings of one series, with and without noise") {
  SeriesRegistry registry;
  const Series* const series = registry.Find("engine_rpm", {});
  for (const double noise : {0.0, 50.0}) {
    std::mt19937 random(1);
    std::vector<Reading> readings;
    for (int i = 0; i < 10'000; ++i) {
      const double value = std::round(900 + std::normal_distribution{0.0, 1.0}(random)*noise);
      readings.push_back(
          {.series = series, .time = kStart + milliseconds{100 * i}, .value = value});
    }
    CHECK(Same(ColumnsOf(Decode(Encode(readings))), ColumnsOf(readings)));
  }
}

TEST_CASE("BatchEncoder: times as far apart as a clock can tell come back") {
  constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  SeriesRegistry registry;
  const Series* const series = registry.Find("engine_rpm", {});
  for (const auto& times : std::vector<std::vector<std::int64_t>>{
           {kLatest},
           {kEarliest},
           {kLatest, kEarliest},
           {0, kEarliest},
           {0, kEarliest, 0, kEarliest, kLatest, kEarliest + 1, -1},
           {1, 1, kLatest, kEarliest, 1, 1, 1}}) {
    std::vector<Reading> readings;
    for (const std::int64_t time : times) {
      readings.push_back({.series = series, .time = UtcTime{Duration{time}}, .value = 900});
    }
    CHECK(Same(ColumnsOf(Decode(Encode(readings))), ColumnsOf(readings)));
  }
}

TEST_CASE("BatchEncoder: what sensors' steps spare is spared, and coarse steps come back") {
  SeriesRegistry registry;
  const Series* const speed = registry.Find("gnss_speed_kmh", {});
  std::vector<Reading> coarse;
  std::vector<Reading> fine;
  for (int i = 0; i < 100; ++i) {
    const int steps = (i * 37) % 64;  // of 0.1 m/s
    coarse.push_back({.series = speed, .time = kStart + seconds{i}, .value = steps * 36 / 100.0});
    fine.push_back({.series = speed, .time = kStart + seconds{i}, .value = steps / 100.0});
  }
  const auto batch = Encode(coarse);
  CHECK(Same(ColumnsOf(Decode(batch)), ColumnsOf(coarse)));
  CHECK(batch.columns().size() <= Encode(fine).columns().size() + 2);
}

// What tests/bench/wire_bench counts beside the body: the produce request with its record batch.
constexpr std::size_t kRequestBytes = 140;

TEST_CASE("BatchEncoder: a recorded trip's reading costs 2.5 bytes in ten seconds, 1.0 in sixty") {
  SeriesRegistry registry;
  BatchEncoder encoder(Encoding::kDelta);
  const std::vector<Reading> trip = RecordedTrip(registry);
  REQUIRE(trip.size() == 20 * 1'080);
  for (const auto& [count_seconds, limit] :
       {std::pair{std::size_t{10}, 2.5}, std::pair{std::size_t{60}, 1.0}}) {
    const std::size_t size = count_seconds * 20;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < trip.size(); at += size) {
      const std::span readings = std::span(trip).subspan(at, size);
      const std::string body = encoder.Encode(kIdentity, at / size + 1, true, readings);
      bytes += body.size() + kRequestBytes;
      fleet::v1::TelemetryBatch batch;
      REQUIRE(batch.ParseFromString(body));
      CHECK(Same(ColumnsOf(Decode(batch)), ColumnsOf(readings)));
    }
    const double each = static_cast<double>(bytes) / static_cast<double>(trip.size());
    MESSAGE(count_seconds << " s: " << each << " bytes a reading");
    CHECK(each <= limit);
  }
}

}  // namespace
}  // namespace fleet_edge::uplink
