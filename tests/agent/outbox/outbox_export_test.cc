#include "agent/outbox/outbox_export.h"

#include <doctest/doctest.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/export.pb.h"
#include "uplink/batch.h"
#include "uplink/batch_encoder.h"
#include "uplink/event_batcher.h"
#include "uplink/identity.h"

namespace fleet_edge::agent {
namespace {

const uplink::Identity kIdentity{.vehicle = "tanker-1", .epoch = 7, .boot = 9};
constexpr UtcTime kSealed{std::chrono::milliseconds{1'700'000'000'250}};

uplink::Batch Telemetry() {
  SeriesRegistry registry;
  const std::vector<Reading> readings{
      {.series = registry.Find("cargo_celsius", {{"zone", "2"}}), .time = kSealed, .value = -40.5},
      {.series = registry.Find("engine_rpm", {}), .time = kSealed, .value = 800}};
  uplink::BatchEncoder encoder(uplink::BatchEncoder::Encoding::kDelta);
  return {.id = {uplink::Lane::kTelemetry, 7, 3},
          .count = 2,
          .time = kSealed,
          .accepted = {},
          .body = encoder.Encode(kIdentity, 3, true, readings)};
}

uplink::Batch Alert() {
  const HandClock clock{kSealed};
  fleet::v1::AlertEvent event;
  event.set_alert("Overheating");
  event.set_state(fleet::v1::AlertEvent::STATE_FIRING);
  return uplink::EventBatcher(uplink::Lane::kAlert, kIdentity, clock).Seal(event);
}

}  // namespace

TEST_CASE("OutboxExport: a reading is a line of JSON, and so is an alert") {
  const auto readings = ToNdjson(Telemetry());
  REQUIRE(readings);
  CHECK(
      *readings ==
      R"({"topic":"fleet.telemetry.v1","vehicle":"tanker-1","epoch":"7","seq":"3","time":"2023-11-14T22:13:20.250Z","signal":"cargo_celsius","labels":{"zone":"2"},"value":-40.5,"quality":"good"})"
      "\n"
      R"({"topic":"fleet.telemetry.v1","vehicle":"tanker-1","epoch":"7","seq":"3","time":"2023-11-14T22:13:20.250Z","signal":"engine_rpm","labels":{},"value":800,"quality":"good"})"
      "\n");
  const auto alert = ToNdjson(Alert());
  REQUIRE(alert);
  CHECK(
      *alert ==
      R"({"topic":"fleet.alerts.v1","event":{"vehicle":"tanker-1","epoch":"7","seq":"1","alert":"Overheating","state":"STATE_FIRING"}})"
      "\n");
}

TEST_CASE("OutboxExport: records are what the hub would have, each after its length") {
  const uplink::Batch telemetry = Telemetry();
  const uplink::Batch alert = Alert();
  std::string file;
  for (const uplink::Batch& batch : {telemetry, alert}) {
    const auto record = ToExportedRecord(batch);
    REQUIRE(record);
    file += *record;
  }
  google::protobuf::io::ArrayInputStream in(file.data(), static_cast<int>(file.size()));
  fleet::v1::ExportedRecord record;
  bool at_end = false;
  REQUIRE(google::protobuf::util::ParseDelimitedFromZeroCopyStream(&record, &in, &at_end));
  CHECK(record.topic() == "fleet.telemetry.v1");
  CHECK(record.key() == "tanker-1");
  CHECK(record.timestamp_ms() == 1'700'000'000'250);
  CHECK(record.value() == telemetry.body);
  REQUIRE(google::protobuf::util::ParseDelimitedFromZeroCopyStream(&record, &in, &at_end));
  CHECK(record.topic() == "fleet.alerts.v1");
  CHECK(record.value() == alert.body);
  CHECK_FALSE(google::protobuf::util::ParseDelimitedFromZeroCopyStream(&record, &in, &at_end));
  CHECK(at_end);
}

TEST_CASE("OutboxExport: a body that is none is refused, with its number") {
  uplink::Batch batch = Telemetry();
  batch.body.resize(batch.body.size() - 5);
  const auto lines = ToNdjson(batch);
  REQUIRE_FALSE(lines);
  CHECK(lines.error().message == "telemetry 7/3: its body can't be decoded");
  CHECK_FALSE(ToExportedRecord(batch));
}

}  // namespace fleet_edge::agent
