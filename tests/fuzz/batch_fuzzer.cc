// Any bytes as a telemetry batch, and as the columns of one: fleet-sim refuses them, or has
// readings, of which a batch has a bounded number, and the agent's decoder has the same. And any
// bytes as readings: fleet-sim has back what the agent encodes.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/delivery.h"
#include "uplink/batch_decoder.h"
#include "uplink/batch_encoder.h"

namespace {

using fleet_edge::Duration;
using fleet_edge::Quality;
using fleet_edge::Reading;
using fleet_edge::Series;
using fleet_edge::SeriesRegistry;
using fleet_edge::UtcTime;
using fleet_edge::simulators::DecodeDelivery;
using fleet_edge::uplink::BatchEncoder;
using fleet_edge::uplink::DecodeBatch;

constexpr std::size_t kMostReadings = std::size_t{1} << 20U;

void Require(bool holds) {
  if (!holds) std::abort();
}

/// Zeros of either sign, and NaNs of any kind, are the same.
std::string Text(double value) {
  if (std::isnan(value)) return "NaN";
  return std::to_string(std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));
}

void DecodeColumns(const std::string& columns) {
  fleet::v1::TelemetryBatch batch;
  for (const char* const text : {"zone", "1", "own_signal"}) batch.add_strings(text);
  batch.add_signals(fleet::v1::SIGNAL_CARGO_CELSIUS);
  batch.add_signals(fleet::v1::SIGNAL_UNSPECIFIED);
  batch.set_columns(columns);
  const auto delivery = DecodeDelivery(batch.SerializeAsString());
  const auto decoded = DecodeBatch(batch);
  Require(!decoded || decoded->size() <= kMostReadings * 2);
  if (!delivery) return;
  Require(delivery->readings.size() <= kMostReadings);
  Require(decoded.has_value() && decoded->size() == delivery->readings.size());
  for (std::size_t i = 0; i < decoded->size(); ++i) {
    const auto& theirs = delivery->readings[i];
    const auto& ours = (*decoded)[i];
    Require(ours.time == theirs.time && Text(ours.value) == Text(theirs.value));
    Require(ours.signal == delivery->series[theirs.series].name);
  }
}

/// A series not catalogued, so that values travel as they are; 18 bytes a reading.
std::vector<Reading> ReadingsOf(const std::string& bytes, SeriesRegistry& registry) {
  std::vector<Reading> readings;
  for (std::size_t at = 0; at + 18 <= bytes.size(); at += 18) {
    std::int64_t time = 0;
    std::memcpy(&time, bytes.data() + at, sizeof time);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at + 8, sizeof value);
    const bool is_whole = bytes[at + 17] % 2 == 0;
    const std::string zone(1, static_cast<char>('a' + (bytes[at + 16] & 3)));
    readings.push_back({.series = registry.Find("own_signal", {{"zone", zone}}),
                        .time = UtcTime{Duration{time}},
                        .value = is_whole
                                     ? static_cast<double>(static_cast<std::int64_t>(value) >> 32)
                                     : std::bit_cast<double>(value),
                        .quality = (bytes[at + 16] & 4) != 0 ? Quality::kGood : Quality::kSuspect});
  }
  return readings;
}

void RoundTrip(const std::string& bytes) {
  SeriesRegistry registry;
  const std::vector<Reading> readings = ReadingsOf(bytes, registry);
  if (readings.empty()) return;
  BatchEncoder encoder(BatchEncoder::Encoding::kDelta);
  const auto delivery =
      DecodeDelivery(encoder.Encode({.vehicle = "v", .epoch = 1, .boot = 2}, 1, true, readings));
  Require(delivery.has_value());
  // By zone and quality, in their order.
  using Column = std::vector<std::pair<std::int64_t, std::string>>;
  std::map<std::pair<std::string, bool>, Column> sent;
  std::map<std::pair<std::string, bool>, Column> got;
  for (const Reading& reading : readings) {
    sent[{std::string(reading.series->labels.Get("zone")), reading.quality == Quality::kGood}]
        .emplace_back(reading.time.time_since_epoch().count(), Text(reading.value));
  }
  for (const auto& reading : delivery->readings) {
    const auto& series = delivery->series[reading.series];
    got[{std::string(series.labels.Get("zone")), reading.good}].emplace_back(
        reading.time.time_since_epoch().count(), Text(reading.value));
  }
  Require(sent == got);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const auto delivery = DecodeDelivery(bytes);
  Require(!delivery || delivery->readings.size() <= kMostReadings + size);
  DecodeColumns(bytes);
  RoundTrip(bytes);
  return 0;
}
