#include "tests/simulators/trip_fixture.h"

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/report.h"
#include "simulators/topics.h"
#include "simulators/verifier.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::int64_t kBegin = 1'700'000'000'000'000;
constexpr int kSeconds = 60;
constexpr int kBatch = 10;
constexpr int kFires = 22;
constexpr int kResolves = 45;
constexpr std::uint64_t kEpoch = 7;

double Celsius(int second) { return 80 + second * 0.1; }

ExpectedChange Expected(AlertChange change, int second) {
  return {.vehicle = "tanker-1",
          .alert = "EngineOverheat",
          .labels = {},
          .change = change,
          .earliest = Trip::At(second - 1),
          .latest = Trip::At(second + 1)};
}

}  // namespace

UtcTime Trip::At(int second) {
  return UtcTime{Duration{kBegin + second * std::int64_t{1'000'000}}};
}

Trip::Trip() {
  ledger.emplace_back(LedgerStart{.at = At(0), .seed = 1, .alerts = {"EngineOverheat"}});
  ledger.emplace_back(
      MessageForm{.number = 0, .vehicle = "tanker-1", .series = {{"engine_coolant_celsius", {}}}});
  for (int second = 0; second < kSeconds; ++second) {
    ledger.emplace_back(SentMessage{.form = 0, .time = At(second), .values = {Celsius(second)}});
  }
  ledger.emplace_back(Expected(AlertChange::kFiring, kFires));
  ledger.emplace_back(Expected(AlertChange::kResolved, kResolves));
  ledger.emplace_back(LedgerEnd{.at = At(kSeconds), .messages = kSeconds, .unacknowledged = {}});

  for (int from = 0; from < kSeconds; from += kBatch) {
    std::vector<double> values;
    for (int second = from; second < from + kBatch; ++second) values.push_back(Celsius(second));
    telemetry.push_back(TelemetryRecord(telemetry.size() + 1, from, values));
  }
  alerts.push_back(AlertRecord(1, AlertChange::kFiring, kFires));
  alerts.push_back(AlertRecord(2, AlertChange::kResolved, kResolves));
}

Report Trip::Verified() const {
  Verifier verifier({});
  for (const LedgerEntry& entry : ledger) verifier.Add(entry);
  for (const HubRecord& record : telemetry) verifier.Add(record);
  for (const HubRecord& record : alerts) verifier.Add(record);
  return verifier.Compare();
}

HubRecord TelemetryRecord(std::uint64_t seq, int from_second, const std::vector<double>& values) {
  fleet::v1::TelemetryBatch batch;
  batch.set_vehicle("tanker-1");
  batch.set_epoch(kEpoch);
  batch.set_seq(seq);
  for (const double value : values) {
    fleet::v1::Row& row = *batch.add_rows();
    row.set_signal("engine_coolant_celsius");
    row.set_time_us(Trip::At(from_second++).time_since_epoch().count());
    row.set_value(value);
  }
  return {
      .topic = std::string(kTelemetryTopic), .key = "tanker-1", .value = batch.SerializeAsString()};
}

HubRecord AlertRecord(std::uint64_t seq, AlertChange change, int second) {
  fleet::v1::AlertEvent event;
  event.set_vehicle("tanker-1");
  event.set_epoch(kEpoch);
  event.set_seq(seq);
  event.set_alert("EngineOverheat");
  event.set_state(change == AlertChange::kFiring ? fleet::v1::AlertEvent::STATE_FIRING
                                                 : fleet::v1::AlertEvent::STATE_RESOLVED);
  event.set_at_us(Trip::At(second).time_since_epoch().count());
  (*event.mutable_labels())["severity"] = "critical";
  return {
      .topic = std::string(kAlertsTopic), .key = "tanker-1", .value = event.SerializeAsString()};
}

}  // namespace fleet_edge::simulators
