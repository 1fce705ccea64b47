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
using Key = std::tuple<std::string, std::map<std::string, std::string>, int>;
using Columns = std::map<Key, std::vector<std::pair<std::int64_t, double>>>;

Columns ColumnsOf(std::span<const Reading> readings) {
  Columns columns;
  for (const Reading& reading : readings) {
    const Series& series = *reading.series;
    const int quality = reading.quality == Quality::kStale ? 3 : static_cast<int>(reading.quality);
    const Key key{series.name, {series.labels.begin(), series.labels.end()}, quality};
    columns[key].emplace_back(reading.time.time_since_epoch().count(), reading.value);
  }
  return columns;
}

Columns ColumnsOf(const std::vector<DecodedReading>& readings) {
  Columns columns;
  for (const DecodedReading& reading : readings) {
    columns[{reading.signal, reading.labels, reading.quality}].emplace_back(reading.time_us,
                                                                            reading.value);
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

TEST_CASE("BatchEncoder: regular sampling is a run of zeros that all series share") {
  SeriesRegistry registry;
  std::vector<Reading> readings;
  for (int second = 0; second < 5; ++second) {
    for (const char* const name : {"engine_rpm", "vehicle_speed_kmh"}) {
      readings.push_back({.series = registry.Find(name, {}),
                          .time = kStart + seconds{second},
                          .value = 20.0 + second});
    }
  }
  const auto batch = Encode(readings);
  REQUIRE(batch.times_size() == 1);
  CHECK(batch.times(0).unit_us() == 1'000'000);
  const auto& deltas = batch.times(0).deltas();
  CHECK(std::vector(deltas.begin(), deltas.end()) == std::vector<std::int64_t>{0, 1, 0, 0, 0});
  CHECK(Same(ColumnsOf(Decode(batch)), ColumnsOf(readings)));
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
  CHECK(batch.series(0).decimals() == 1);
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
  CHECK(batch.series_size() == 4);
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
  for (unsigned seed = 0; seed < 300; ++seed) {
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

/// A truck's twenty signals at 1 Hz, with noise as sensors have it.
std::vector<Reading> Trip(SeriesRegistry& registry, int count_seconds) {
  struct Source {
    const char* name;
    Labels labels;
    double start;
    double step;  // standard deviation of the change per second
    double resolution;
  };
  const std::vector<Source> sources{
      {"vehicle_speed_kmh", {}, 63.2, 1.2, 0.01},
      {"engine_coolant_celsius", {}, 88.5, 0.05, 0.1},
      {"engine_rpm", {}, 1'420, 30, 1},
      {"ambient_celsius", {}, 18.4, 0.01, 0.1},
      {"cargo_celsius", {{"zone", "1"}}, 21.3, 0.03, 0.1},
      {"cargo_celsius", {{"zone", "2"}}, 21.9, 0.03, 0.1},
      {"latitude_deg", {}, 49.0134297, 1.2e-4, 1e-7},
      {"longitude_deg", {}, 12.1016236, 1.8e-4, 1e-7},
      {"altitude_m", {}, 343.1, 0.3, 0.1},
      {"heading_deg", {}, 87.3, 0.8, 0.1},
      {"gnss_speed_kmh", {}, 63.0, 1.2, 0.1},
      {"gnss_hdop", {}, 0.9, 0.01, 0.1},
      {"gnss_satellites", {}, 11, 0.1, 1},
      {"gnss_fix", {}, 3, 0, 1},
      {"odometer_km", {}, 182'345.6, 0.017, 0.1},
      {"fuel_percent", {}, 61.5, 0.005, 0.5},
      {"tire_kpa", {{"axle", "1"}, {"side", "left"}}, 820, 0.3, 4},
      {"battery_volts", {}, 27.6, 0.03, 0.1},
      {"ignition_on", {}, 1, 0, 1},
      {"accel_longitudinal_mps2", {}, 0.1, 0.2, 0.01},
  };
  std::mt19937 random(1);
  std::vector<double> at;
  for (const Source& source : sources) at.push_back(source.start);
  std::vector<Reading> readings;
  for (int second = 0; second < count_seconds; ++second) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const Source& source = sources[i];
      at[i] += std::normal_distribution{0.0, 1.0}(random)*source.step;
      const double per = std::round(1 / source.resolution);
      const double value = source.resolution < 1
                               ? std::round(at[i] * per) / per
                               : std::round(at[i] / source.resolution) * source.resolution;
      readings.push_back({.series = registry.Find(source.name, source.labels),
                          .time = kStart + seconds{second},
                          .value = value});
    }
  }
  return readings;
}

TEST_CASE("BatchEncoder: a reading of twenty signals at 1 Hz costs 2.5 bytes in ten seconds") {
  SeriesRegistry registry;
  BatchEncoder encoder(Encoding::kDelta);
  for (const auto& [count_seconds, limit] : {std::pair{10, 2.5}, std::pair{60, 1.5}}) {
    const auto readings = Trip(registry, count_seconds);
    const std::string body = encoder.Encode(kIdentity, 1, true, readings);
    const double each = static_cast<double>(body.size()) / static_cast<double>(readings.size());
    MESSAGE(count_seconds << " s: " << each << " bytes a reading");
    CHECK(each <= limit);
  }
}

}  // namespace
}  // namespace fleet_edge::uplink
