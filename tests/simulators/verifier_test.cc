// The proof of a verification is that it fails: each test takes something away from a faultless
// trip, or puts something to it.
#include "simulators/verifier.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fleet/v1/status.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/report.h"
#include "simulators/topics.h"
#include "tests/simulators/trip_fixture.h"

namespace fleet_edge::simulators {

TEST_CASE("Verifier: a faultless trip holds") {
  const Report report = Trip().Verified();
  CHECK(report.Holds());
  CHECK(report.readings.expected == 60);
  CHECK(report.readings.arrived == 60);
  CHECK(report.alerts.expected == 2);
  CHECK(report.alerts.arrived == 2);
  CHECK(report.findings.empty());
}

TEST_CASE("Verifier: one reading less in a batch is lost") {
  Trip trip;
  trip.Telemetry(2) = TelemetryRecord(3, 20, {82, 82.1, 82.2, 82.3, 82.4, 82.5, 82.6, 82.7, 82.8});
  const Report report = trip.Verified();
  CHECK(report.readings.lost == 1);
  CHECK_FALSE(report.Holds());
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].find("lost: tanker-1 engine_coolant_celsius") == 0);
}

TEST_CASE("Verifier: a batch that is not there is lost, and its number is missing") {
  Trip trip;
  trip.telemetry.erase(trip.telemetry.begin() + 2);
  const Report report = trip.Verified();
  CHECK(report.readings.lost == 10);
  CHECK(report.records.missing == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a value beyond the declared resolution is altered") {
  Trip trip;
  trip.Telemetry(5) =
      TelemetryRecord(6, 50, {85.1, 85.1, 85.2, 85.3, 85.4, 85.5, 85.6, 85.7, 85.8, 85.9});
  const Report report = trip.Verified();
  CHECK(report.readings.altered == 1);
  CHECK(report.readings.lost == 0);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a reading under two keys is duplicated") {
  Trip trip;
  trip.telemetry.push_back(TelemetryRecord(7, 59, {85.9}));
  const Report report = trip.Verified();
  CHECK(report.readings.duplicated == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a record that comes twice under its key is allowed and told") {
  Trip trip;
  trip.telemetry.push_back(trip.Telemetry(5));
  const Report report = trip.Verified();
  CHECK(report.records.repeated == 1);
  CHECK(report.readings.duplicated == 0);
  CHECK(report.Holds());
}

TEST_CASE("Verifier: a key that comes again with other bytes is altered") {
  Trip trip;
  trip.telemetry.push_back(TelemetryRecord(6, 50, {1}));
  const Report report = trip.Verified();
  CHECK(report.records.altered == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: two batches that change places are out of order") {
  Trip trip;
  std::swap(trip.Telemetry(1), trip.Telemetry(2));
  const Report report = trip.Verified();
  CHECK(report.records.out_of_order == 1);
  CHECK(report.readings.lost == 0);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a reading with another time is lost and invented") {
  Trip trip;
  fleet::v1::TelemetryBatch batch;
  REQUIRE(batch.ParseFromString(trip.Telemetry(3).value));
  batch.mutable_rows(4)->set_time_us(batch.rows(4).time_us() + 1);
  trip.Telemetry(3).value = batch.SerializeAsString();
  const Report report = trip.Verified();
  CHECK(report.readings.lost == 1);
  CHECK(report.readings.invented == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: an alert that doesn't come is missing") {
  Trip trip;
  trip.alerts.erase(trip.alerts.begin());
  const Report report = trip.Verified();
  CHECK(report.alerts.missing == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: an alert at another time is missing and too many") {
  Trip trip;
  trip.Alert(0) = AlertRecord(1, AlertChange::kFiring, 30);
  const Report report = trip.Verified();
  CHECK(report.alerts.missing == 1);
  CHECK(report.alerts.excess == 1);
}

TEST_CASE("Verifier: an alert that fires twice in one incident is too many") {
  Trip trip;
  trip.alerts.push_back(AlertRecord(3, AlertChange::kFiring, 22));
  const Report report = trip.Verified();
  CHECK(report.alerts.excess == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a record that is no batch is told and fails") {
  Trip trip;
  trip.telemetry.push_back(
      {.topic = std::string(kTelemetryTopic), .key = "tanker-1", .value = "?"});
  const Report report = trip.Verified();
  CHECK(report.records.altered == 1);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a ledger without its end doesn't hold") {
  Trip trip;
  trip.ledger.pop_back();
  const Report report = trip.Verified();
  CHECK_FALSE(report.complete);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: an empty run shows nothing") {
  Trip trip;
  std::erase_if(trip.ledger, [](const LedgerEntry& entry) {
    return std::holds_alternative<SentMessage>(entry) ||
           std::holds_alternative<ExpectedChange>(entry);
  });
  trip.telemetry.clear();
  trip.alerts.clear();
  CHECK_FALSE(trip.Verified().Holds());
}

TEST_CASE("Verifier: what MQTT never acknowledged may be missing") {
  Trip trip;
  std::get<LedgerEnd>(trip.ledger.back()).unacknowledged = {20, 21, 22, 23, 24, 25, 26, 27, 28, 29};
  trip.telemetry.erase(trip.telemetry.begin() + 2);
  const Report report = trip.Verified();
  CHECK(report.readings.lost == 0);
  CHECK(report.readings.unpromised == 10);
  CHECK(report.readings.expected == 50);
  CHECK(report.Holds());
}

TEST_CASE("Verifier: only what was sent right before a SIGKILL may be missing") {
  Trip trip;
  trip.ledger.emplace_back(
      LedgerNote{.kind = LedgerNote::Kind::kKill, .at = Trip::At(29), .vehicle = {}});
  trip.ledger.emplace_back(
      LedgerNote{.kind = LedgerNote::Kind::kStart, .at = Trip::At(30), .vehicle = {}});
  trip.telemetry.erase(trip.telemetry.begin() + 2);  // 20 to 29
  const Report report = trip.Verified();
  CHECK(report.readings.unpromised == 3);  // 27, 28, 29
  CHECK(report.readings.lost == 7);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Verifier: a label vehicle stands for the batch's vehicle") {
  Trip trip;
  for (HubRecord& record : trip.telemetry) {
    fleet::v1::TelemetryBatch batch;
    REQUIRE(batch.ParseFromString(record.value));
    batch.set_vehicle("depot");
    for (fleet::v1::Row& row : *batch.mutable_rows()) {
      (*row.mutable_labels())["vehicle"] = "tanker-1";
    }
    record.value = batch.SerializeAsString();
  }
  CHECK(trip.Verified().Holds());
}

TEST_CASE("Verifier: losses that the agent reports are shown") {
  fleet::v1::StatusEvent event;
  event.set_vehicle("tanker-1");
  event.set_epoch(7);
  event.set_seq(1);
  event.mutable_gap()->set_topic("fleet.telemetry.v1");
  event.mutable_gap()->set_from_seq(3);
  event.mutable_gap()->set_to_seq(4);
  event.mutable_gap()->set_records(20);
  event.mutable_gap()->set_reason("quota");
  Verifier verifier({});
  verifier.Add(HubRecord{.topic = std::string(kStatusTopic), .value = event.SerializeAsString()});
  const std::vector<std::string> gaps = verifier.Compare().gaps;
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0] == "tanker-1: fleet.telemetry.v1 batches 3 to 4, 20 records: quota");
}

TEST_CASE("Verifier: the driver's alerts are timed from the evaluation instant and its lateness") {
  using std::chrono::milliseconds;
  Trip trip;
  const auto shown = [&trip](int second, milliseconds after) {
    trip.ledger.emplace_back(DisplayedChange{.vehicle = "tanker-1",
                                             .alert = "EngineOverheat",
                                             .change = AlertChange::kFiring,
                                             .at = Trip::At(second),
                                             .arrived = Trip::At(second) + after});
  };
  shown(22, milliseconds{503});
  shown(30, milliseconds{520});
  shown(22, milliseconds{9000});  // shown again after a reconnection
  const Report::Latency latency = trip.Verified().driver;
  CHECK(latency.count == 2);
  CHECK(latency.p99 == milliseconds{20});
  CHECK(latency.max == milliseconds{20});
}

TEST_CASE("Verifier: where the agent's clock gives the times, a reading may come a little later") {
  Trip trip;
  std::get<MessageForm>(trip.ledger.at(1)).stamp = Stamp::kArrival;
  fleet::v1::TelemetryBatch batch;
  REQUIRE(batch.ParseFromString(trip.Telemetry(3).value));
  batch.mutable_rows(4)->set_time_us(batch.rows(4).time_us() + 20'000);
  trip.Telemetry(3).value = batch.SerializeAsString();
  const Report report = trip.Verified();
  CHECK(report.Holds());
  CHECK(report.readings.expected == 60);
  CHECK(report.readings.arrived == 60);

  trip.telemetry.erase(trip.telemetry.begin() + 1);
  CHECK(trip.Verified().readings.lost == 10);
}

TEST_CASE("Verifier: while a sensor that is looked at is away, no reading may come") {
  Trip trip;
  std::get<MessageForm>(trip.ledger.at(1)).stamp = Stamp::kLook;
  CHECK(trip.Verified().findings.empty());
  for (int second = 30; second < 40; ++second) {
    std::get<SentMessage>(trip.ledger.at(2 + second)).values.clear();
  }
  const Report report = trip.Verified();
  CHECK(report.readings.invented == 8);  // what was read just before may come a second later
  CHECK_FALSE(report.Holds());
}

}  // namespace fleet_edge::simulators
