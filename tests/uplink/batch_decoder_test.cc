// What the decoder makes of batches that no encoder wrote; batch_encoder_test.cc has the others.
#include "uplink/batch_decoder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "uplink/batch_encoder.h"
#include "uplink/bit_writer.h"

namespace fleet_edge::uplink {
namespace {

fleet::v1::TelemetryBatch Sound() {
  SeriesRegistry registry;
  std::vector<Reading> readings;
  for (int second = 0; second < 20; ++second) {
    const UtcTime time{std::chrono::seconds{1'700'000'000 + second}};
    readings.push_back({.series = registry.Find("engine_rpm", {}),
                        .time = time,
                        .value = 800.0 + second * second});
    readings.push_back({.series = registry.Find("hose_bar", {{"side", "left"}}),
                        .time = time,
                        .value = second / 3.0});
  }
  fleet::v1::TelemetryBatch batch;
  REQUIRE(batch.ParseFromString(
      BatchEncoder(BatchEncoder::Encoding::kDelta).Encode({.vehicle = "v"}, 1, true, readings)));
  return batch;
}

/// A batch with one catalogued signal and these columns.
fleet::v1::TelemetryBatch With(BitWriter& bits) {
  fleet::v1::TelemetryBatch batch;
  batch.add_signals(fleet::v1::SIGNAL_ENGINE_RPM);
  batch.set_columns(bits.Take());
  return batch;
}

/// A column of `count` equal numbers.
void WriteEqual(BitWriter& bits) {
  bits.Number(0);
  bits.Number(0, 12);
  bits.Number(0);
}

}  // namespace

TEST_CASE("BatchDecoder: columns that are cut off anywhere are refused") {
  const fleet::v1::TelemetryBatch batch = Sound();
  REQUIRE(DecodeBatch(batch));
  for (std::size_t size = 1; size < batch.columns().size(); ++size) {
    CAPTURE(size);
    fleet::v1::TelemetryBatch cut = batch;
    cut.set_columns(batch.columns().substr(0, size));
    CHECK_FALSE(DecodeBatch(cut));
  }
}

TEST_CASE("BatchDecoder: bits that are flipped crash nothing") {
  const fleet::v1::TelemetryBatch batch = Sound();
  std::minstd_rand random(1);
  std::size_t refused = 0;
  for (int trial = 0; trial < 2'000; ++trial) {
    fleet::v1::TelemetryBatch flipped = batch;
    std::string& columns = *flipped.mutable_columns();
    for (int flips = trial % 4; flips >= 0; --flips) {
      char& byte = columns[random() % columns.size()];
      byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (random() % 8)));
    }
    refused += DecodeBatch(flipped) ? 0 : 1;
  }
  CHECK(refused > 100);
  CHECK(refused < 2'000);
}

TEST_CASE(
    "BatchDecoder: signals without columns, an unknown signal and bytes at the end are refused") {
  fleet::v1::TelemetryBatch without = Sound();
  without.clear_columns();
  CHECK_FALSE(DecodeBatch(without));
  fleet::v1::TelemetryBatch unknown = Sound();
  unknown.set_signals(0, static_cast<fleet::v1::Signal>(9'999));
  CHECK_FALSE(DecodeBatch(unknown));
  fleet::v1::TelemetryBatch longer = Sound();
  longer.mutable_columns()->append(1, '\0');
  CHECK_FALSE(DecodeBatch(longer));
}

TEST_CASE("BatchDecoder: an index beyond its table is refused") {
  fleet::v1::TelemetryBatch batch = Sound();
  batch.clear_strings();
  CHECK_FALSE(DecodeBatch(batch));
}

TEST_CASE("BatchDecoder: a few bits that stand for endless readings are refused") {
  for (const unsigned power : {20U, 40U, 62U}) {
    BitWriter bits;
    bits.Number(1);
    bits.Number((std::uint64_t{1} << power) + 1);
    WriteEqual(bits);
    bits.Number(0);
    bits.Number(0);
    bits.Number(0);
    WriteEqual(bits);
    CHECK_FALSE(DecodeBatch(With(bits)));
  }
}

TEST_CASE("BatchDecoder: a batch without anything has no readings") {
  const auto readings = DecodeBatch({});
  REQUIRE(readings);
  CHECK(readings->empty());
}

}  // namespace fleet_edge::uplink
