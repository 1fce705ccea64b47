#include "simulators/delivery.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/time.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

namespace v1 = fleet::v1;

/// Two series on one list of times: 1000, 2000, 3000, 5000 ms after the base.
v1::TelemetryBatch Batch() {
  v1::TelemetryBatch batch;
  batch.set_vehicle("tanker-1");
  batch.set_epoch(7);
  batch.set_seq(3);
  batch.set_base_time_us(1'000'000);
  batch.add_strings("zone");
  batch.add_strings("1");
  batch.add_strings("door_open");
  v1::Times& times = *batch.add_times();
  for (const int delta : {1000, 1000, 0, 1000}) times.add_deltas(delta);
  v1::Series& cargo = *batch.add_series();
  cargo.set_signal(v1::SIGNAL_CARGO_CELSIUS);
  cargo.add_labels(0);
  cargo.add_labels(1);
  cargo.set_decimals(1);
  for (const int delta : {-5, 3, 0, 10}) cargo.add_scaled(delta);
  v1::Series& door = *batch.add_series();
  door.set_name(3);
  door.set_quality(v1::QUALITY_STALE);
  for (const double value : {0.0, 1.0, 0.5, 0.0}) door.add_plain(value);
  return batch;
}

bool Decodes(const v1::TelemetryBatch& batch) {
  return DecodeDelivery(batch.SerializeAsString()).has_value();
}

TEST_CASE("Delivery: a batch is rebuilt as the contract says") {
  const auto delivery = DecodeDelivery(Batch().SerializeAsString());
  REQUIRE(delivery);
  CHECK(delivery->vehicle == "tanker-1");
  CHECK(delivery->epoch == 7);
  CHECK(delivery->seq == 3);
  REQUIRE(delivery->series.size() == 2);
  CHECK(delivery->series[0] == SeriesName{"cargo_celsius", {{"zone", "1"}}});
  CHECK(delivery->series[1] == SeriesName{"door_open", {}});

  REQUIRE(delivery->readings.size() == 8);
  const std::vector<double> values{-0.5, -0.2, -0.2, 0.8, 0, 1, 0.5, 0};
  const std::vector<std::int64_t> seconds{2, 3, 4, 6, 2, 3, 4, 6};
  for (std::size_t i = 0; i < 8; ++i) {
    CAPTURE(i);
    CHECK(delivery->readings[i].value == values[i]);
    CHECK(delivery->readings[i].time == UtcTime{std::chrono::seconds{seconds[i]}});
    CHECK(delivery->readings[i].good == (i < 4));
  }
}

TEST_CASE("Delivery: times have the unit that the batch tells") {
  v1::TelemetryBatch batch = Batch();
  batch.mutable_times(0)->set_unit_us(1);
  const auto delivery = DecodeDelivery(batch.SerializeAsString());
  REQUIRE(delivery);
  CHECK(delivery->readings[3].time == UtcTime{Duration{1'005'000}});
}

TEST_CASE("Delivery: rows are read as they are") {
  v1::TelemetryBatch batch;
  v1::Row& row = *batch.add_rows();
  row.set_signal("cargo_celsius");
  (*row.mutable_labels())["zone"] = "2";
  row.set_time_us(5);
  row.set_value(1.25);
  const auto delivery = DecodeDelivery(batch.SerializeAsString());
  REQUIRE(delivery);
  REQUIRE(delivery->readings.size() == 1);
  CHECK(delivery->series[0] == SeriesName{"cargo_celsius", {{"zone", "2"}}});
  CHECK(delivery->readings[0].value == 1.25);
  CHECK(delivery->readings[0].time == UtcTime{Duration{5}});
}

TEST_CASE("Delivery: a batch that contradicts itself is refused") {
  REQUIRE(Decodes(Batch()));
  v1::TelemetryBatch batch = Batch();
  batch.mutable_series(0)->add_scaled(1);
  CHECK_FALSE(Decodes(batch));  // more values than times
  batch = Batch();
  batch.mutable_series(0)->set_times(1);
  CHECK_FALSE(Decodes(batch));  // no such list
  batch = Batch();
  batch.mutable_series(0)->set_labels(1, 9);
  CHECK_FALSE(Decodes(batch));  // no such string
  batch = Batch();
  batch.mutable_series(0)->add_labels(0);
  CHECK_FALSE(Decodes(batch));  // a label without a value
  batch = Batch();
  batch.mutable_series(0)->set_decimals(10);
  CHECK_FALSE(Decodes(batch));
  batch = Batch();
  batch.mutable_series(1)->clear_name();
  CHECK_FALSE(Decodes(batch));
  CHECK_FALSE(DecodeDelivery("no protobuf"));
}

TEST_CASE("Delivery: deltas that run over wrap and do no harm") {
  v1::TelemetryBatch batch = Batch();
  for (int i = 0; i < 4; ++i) {
    batch.mutable_times(0)->set_deltas(i, std::numeric_limits<std::int64_t>::max());
    batch.mutable_series(0)->set_scaled(i, std::numeric_limits<std::int64_t>::max());
  }
  CHECK(Decodes(batch));
}

}  // namespace
}  // namespace fleet_edge::simulators
