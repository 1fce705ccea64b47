#include "simulators/delivery.h"

#include <doctest/doctest.h>

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

namespace v1 = fleet::v1;

/// Bits as telemetry.proto words them, written without the agent's encoder.
class Columns {
 public:
  Columns& Bits(const std::string& bits) {
    bits_ += bits;
    return *this;
  }
  Columns& Number(std::uint64_t number, int k = 0) {
    std::string head;
    for (std::uint64_t rest = (number >> k) + 1; rest > 0; rest /= 2) {
      head.insert(head.begin(), rest % 2 == 0 ? '0' : '1');
    }
    bits_ += std::string(head.size() - 1, '0') + head;
    for (int bit = k - 1; bit >= 0; --bit) bits_ += (number >> bit) % 2 == 0 ? '0' : '1';
    return *this;
  }
  Columns& Signed(std::int64_t number, int k) {
    const auto twice = static_cast<std::uint64_t>(number) * 2;
    return Number(number < 0 ? ~twice : twice, k);
  }
  Columns& Double(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    for (int bit = 63; bit >= 0; --bit) bits_ += (bits >> bit) % 2 == 0 ? '0' : '1';
    return *this;
  }

  std::string Bytes() const {
    std::string bytes;
    for (std::size_t at = 0; at < bits_.size(); at += 8) {
      std::string byte = bits_.substr(at, 8);
      byte.resize(8, '0');
      bytes += static_cast<char>(std::stoi(byte, nullptr, 2));
    }
    return bytes;
  }

 private:
  std::string bits_;
};

/// One column of times: 1, 2, 3 and 5 s after the base.
Columns Times() {
  Columns columns;
  columns.Number(1).Number(4);                                    // one column, of four
  columns.Number(0).Signed(1, 12).Number(1).Bits("1").Number(0);  // seconds, steady, k = 0
  return columns.Signed(1, 0).Signed(0, 0).Signed(1, 0);
}

/// cargo_celsius{zone="1"}: -0.5, -0.2, -0.2, 0.7.
Columns& Cargo(Columns& columns) {
  columns.Number(1).Number(0).Number(1).Number(0).Number(0);       // labels, quality, times
  columns.Number(1).Signed(-5, 12).Number(3).Bits("0").Number(1);  // decimals, steps of 3, k = 1
  return columns.Signed(1, 1).Signed(0, 1).Signed(3, 1);
}

/// door_open, stale: 0, 1, 0.5, 0.
Columns& Door(Columns& columns) {
  columns.Number(2).Number(0).Number(3).Number(0).Number(10);
  return columns.Double(0).Double(1).Double(0.5).Double(0);
}

v1::TelemetryBatch BatchOf(const Columns& columns) {
  v1::TelemetryBatch batch;
  batch.set_vehicle("tanker-1");
  batch.set_epoch(7);
  batch.set_seq(3);
  batch.set_base_time_us(1'000'000);
  batch.add_strings("zone");
  batch.add_strings("1");
  batch.add_strings("door_open");
  batch.add_signals(v1::SIGNAL_CARGO_CELSIUS);
  batch.add_signals(v1::SIGNAL_UNSPECIFIED);
  batch.set_columns(columns.Bytes());
  return batch;
}

/// Two series on one column of times.
v1::TelemetryBatch Batch() {
  Columns columns = Times();
  return BatchOf(Door(Cargo(columns)));
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
  const std::vector<double> values{-0.5, -0.2, -0.2, 0.7, 0, 1, 0.5, 0};
  const std::vector<std::int64_t> seconds{2, 3, 4, 6, 2, 3, 4, 6};
  for (std::size_t i = 0; i < 8; ++i) {
    CAPTURE(i);
    CHECK(delivery->readings[i].value == values[i]);
    CHECK(delivery->readings[i].time == UtcTime{std::chrono::seconds{seconds[i]}});
    CHECK(delivery->readings[i].good == (i < 4));
  }
}

TEST_CASE("Delivery: times have the decimals that the batch tells, and a step of 0 repeats") {
  Columns columns;
  columns.Number(1).Number(3).Number(6).Signed(-7, 12).Number(0);
  columns.Number(0).Number(0).Number(0).Number(0).Signed(900, 12).Number(0);
  v1::TelemetryBatch batch = BatchOf(columns);
  batch.mutable_signals()->RemoveLast();
  batch.set_signals(0, v1::SIGNAL_ENGINE_RPM);
  const auto delivery = DecodeDelivery(batch.SerializeAsString());
  REQUIRE(delivery);
  REQUIRE(delivery->readings.size() == 3);
  for (const Delivery::Reading& reading : delivery->readings) {
    CHECK(reading.time == UtcTime{Duration{999'993}});
    CHECK(reading.value == 900);
  }
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
  batch.add_signals(v1::SIGNAL_ENGINE_RPM);
  CHECK_FALSE(Decodes(batch));  // more signals than columns
  batch = Batch();
  batch.mutable_signals()->RemoveLast();
  CHECK_FALSE(Decodes(batch));  // more columns than signals
  batch = Batch();
  batch.set_signals(0, static_cast<v1::Signal>(999));
  CHECK_FALSE(Decodes(batch));  // a signal that the descriptor doesn't have
  batch = Batch();
  batch.mutable_strings()->RemoveLast();
  CHECK_FALSE(Decodes(batch));  // no such string
  batch = Batch();
  batch.clear_columns();
  CHECK_FALSE(Decodes(batch));
  Columns columns = Times();
  columns.Number(2).Number(0).Number(1).Number(0).Number(1).Number(0).Number(0);
  columns.Number(1).Signed(0, 12).Number(0);
  batch = BatchOf(columns);
  batch.mutable_signals()->RemoveLast();
  CHECK_FALSE(Decodes(batch));  // a label named twice
  CHECK_FALSE(DecodeDelivery("no protobuf"));
}

TEST_CASE("Delivery: columns that can't be are refused") {
  const auto decodes = [](const Columns& times, const std::string& rest) {
    Columns columns = times;
    columns.Bits(rest);
    v1::TelemetryBatch batch = BatchOf(columns);
    batch.clear_signals();
    return Decodes(batch);
  };
  const auto times = [](std::uint64_t count, std::uint64_t decimals) {
    Columns columns;
    return columns.Number(1).Number(count).Number(decimals).Signed(0, 12);
  };
  REQUIRE(decodes(times(1, 6).Number(0), ""));
  CHECK_FALSE(decodes(times(0, 6).Number(0), ""));              // no instant
  CHECK_FALSE(decodes(times(1, 7).Number(0), ""));              // finer than microseconds
  CHECK_FALSE(decodes(times(1'000'000'000, 0).Number(0), ""));  // 45 bits for 8 GB
  CHECK_FALSE(decodes(times(2, 0).Number(1).Bits("0").Number(64), std::string(200, '1')));
  CHECK_FALSE(decodes(times(2, 0).Number(1).Bits("0").Number(0), std::string(64, '0') + "1"));
  CHECK_FALSE(decodes(times(2, 0).Number(1).Bits("0").Number(9), "0001111"));
}

TEST_CASE("Delivery: a batch cut anywhere, or with any bit flipped, does no harm") {
  const v1::TelemetryBatch batch = Batch();
  for (std::size_t size = 0; size < batch.columns().size(); ++size) {
    v1::TelemetryBatch cut = batch;
    cut.mutable_columns()->resize(size);
    CHECK_FALSE(Decodes(cut));
  }
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < batch.columns().size() * 8; ++bit) {
    v1::TelemetryBatch flipped = batch;
    char& byte = (*flipped.mutable_columns())[bit / 8];
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    if (!Decodes(flipped)) ++refused;
  }
  CHECK(refused > 0);
}

TEST_CASE("Delivery: sums that run over wrap and do no harm") {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::min();
  Columns columns;
  columns.Number(1).Number(3).Number(0).Signed(kFar, 12).Number(3).Bits("1").Number(1);
  columns.Signed(kFar, 1).Signed(kFar, 1);
  columns.Number(0).Number(0).Number(0).Number(0).Signed(kFar, 12).Number(3).Bits("1").Number(1);
  columns.Signed(kFar, 1).Signed(kFar, 1);
  v1::TelemetryBatch batch = BatchOf(columns);
  batch.mutable_signals()->RemoveLast();
  CHECK(Decodes(batch));
}

}  // namespace
}  // namespace fleet_edge::simulators
