#include "simulators/verifier.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/status.pb.h"
#include "simulators/alert_match.h"
#include "simulators/delivery.h"
#include "simulators/fleet_plan.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/reading_match.h"
#include "simulators/report.h"
#include "simulators/sequence_check.h"
#include "simulators/series_name.h"
#include "simulators/topics.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::size_t kTelemetry = 0;
constexpr std::size_t kAlerts = 1;
constexpr std::size_t kStatus = 2;

// After the last reading its window runs empty, and takes this long.
constexpr Duration kAftermath = std::chrono::seconds{15};

// An agent that reads several vehicles tells them apart by this label.
constexpr std::string_view kVehicleLabel = "vehicle";

template <typename... T>
struct Overloaded : T... {
  using T::operator()...;
};
template <typename... T>
Overloaded(T...) -> Overloaded<T...>;

/// Takes the vehicle's label off; the vehicle it names, else `otherwise`.
std::string TakeVehicle(Labels& labels, const std::string& otherwise) {
  const std::string named(labels.Get(kVehicleLabel));
  labels.Remove(kVehicleLabel);
  return named.empty() ? otherwise : named;
}

Duration Quantile(const std::vector<Duration>& sorted, double share) {
  if (sorted.empty()) return Duration{};
  const double place = share * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(place))];
}

std::string ToText(const fleet::v1::Gap& gap) {
  return gap.topic() + " batches " + std::to_string(gap.from_seq()) + " to " +
         std::to_string(gap.to_seq()) + ", " + std::to_string(gap.records()) +
         " records: " + gap.reason();
}

}  // namespace

void Verifier::Add(const LedgerEntry& entry) {
  std::visit(Overloaded{
                 [this](const LedgerStart& start) {
                   start_ = start;
                   for (const std::string& alert : start.alerts) alerts_.Judge(alert);
                 },
                 [this](const MessageForm& form) {
                   std::vector<ReadingMatch::Slot> slots;
                   slots.reserve(form.series.size());
                   for (const SeriesName& series : form.series) {
                     slots.push_back(readings_.SlotOf(form.vehicle, series));
                     readings_.SetStamp(slots.back(), form.stamp);
                   }
                   forms_.resize(std::max(forms_.size(), form.number + 1));
                   forms_[form.number] = std::move(slots);
                   alerts_.AddVehicle(form.vehicle);
                 },
                 [this](const SentMessage& message) {
                   const std::vector<ReadingMatch::Slot>& slots = forms_.at(message.form);
                   for (std::size_t i = 0; i < message.values.size(); ++i) {
                     readings_.Expect(slots.at(i), message.time, message.values[i], messages_);
                   }
                   if (message.values.empty()) {
                     for (const ReadingMatch::Slot slot : slots) {
                       readings_.ExpectNothing(slot, message.time);
                     }
                   }
                   ++messages_;
                 },
                 [this](const ExpectedChange& expected) { alerts_.Expect(expected); },
                 [this](const DisplayedChange& shown) { Measure(shown); },
                 [this](const FleetPlan& plan) { fleet_.emplace(plan); },
                 [this](const LedgerNote& note) { options_.promise.Add(note); },
                 [this](const LedgerEnd& end) {
                   end_ = end;
                   readings_.SetUnacknowledged(end.unacknowledged);
                 },
             },
             entry);
}

void Verifier::Add(const HubRecord& record) {
  if (record.topic == kTelemetryTopic) AddTelemetry(record);
  if (record.topic == kAlertsTopic) AddAlert(record);
  if (record.topic == kStatusTopic) AddStatus(record);
}

void Verifier::AddTelemetry(const HubRecord& record) {
  Result<Delivery> delivery = DecodeDelivery(record.value);
  if (!delivery) return Broken(record, delivery.error().message);
  seen_.wire_bytes += record.key.size() + record.value.size() + record.header_bytes;
  seen_.wire_readings += delivery->readings.size();
  if (sequences_[kTelemetry].Add(delivery->vehicle, delivery->epoch, delivery->seq,
                                 record.partition,
                                 record.value) != SequenceCheck::Verdict::kFirst) {
    return;
  }
  if (fleet_) return fleet_->Deliver(*delivery);
  std::vector<ReadingMatch::Slot> slots;
  for (SeriesName& series : delivery->series) {
    const std::string vehicle = TakeVehicle(series.labels, delivery->vehicle);
    slots.push_back(readings_.SlotOf(vehicle, series));
  }
  for (const Delivery::Reading& reading : delivery->readings) {
    readings_.Deliver(slots[reading.series], reading.time, reading.value, reading.good);
  }
}

void Verifier::AddAlert(const HubRecord& record) {
  fleet::v1::AlertEvent event;
  if (!event.ParseFromString(record.value)) return Broken(record, "no AlertEvent");
  if (sequences_[kAlerts].Add(event.vehicle(), event.epoch(), event.seq(), record.partition,
                              record.value) != SequenceCheck::Verdict::kFirst) {
    return;
  }
  const bool firing = event.state() == fleet::v1::AlertEvent::STATE_FIRING;
  if (!firing && event.state() != fleet::v1::AlertEvent::STATE_RESOLVED) return;
  Labels labels;
  for (const auto& [name, value] : event.labels()) labels.Set(name, value);
  const std::string vehicle = TakeVehicle(labels, event.vehicle());
  const AlertMatch::Delivered change{
      .vehicle = vehicle,
      .alert = event.alert(),
      .labels = std::move(labels),
      .change = firing ? AlertChange::kFiring : AlertChange::kResolved,
      .at = UtcTime{Duration{event.at_us()}}};
  fleet_ ? fleet_->Deliver(change) : alerts_.Deliver(change);
}

void Verifier::AddStatus(const HubRecord& record) {
  fleet::v1::StatusEvent event;
  if (!event.ParseFromString(record.value)) return Broken(record, "no StatusEvent");
  if (event.has_test()) return;  // of no agent, and in no sequence
  if (sequences_[kStatus].Add(event.vehicle(), event.epoch(), event.seq(), record.partition,
                              record.value) == SequenceCheck::Verdict::kFirst &&
      event.has_gap()) {
    seen_.gaps.push_back(event.vehicle() + ": " + ToText(event.gap()));
  }
}

void Verifier::Broken(const HubRecord& record, const std::string& why) {
  ++seen_.records.altered;
  if (seen_.findings.size() >= kMaxFindings) return;
  seen_.findings.push_back("not decodable: " + record.topic + " partition " +
                           std::to_string(record.partition) + " offset " +
                           std::to_string(record.offset) + ": " + why);
}

void Verifier::Measure(const DisplayedChange& shown) {
  // After a reconnection the agent shows everything again; the first time counts.
  if (!shown_.emplace(shown.vehicle, shown.alert, shown.change, shown.at).second) return;
  latencies_.push_back(shown.arrived - (shown.at + options_.lateness));
}

Report::Latency Verifier::Latencies() const {
  std::vector<Duration> sorted = latencies_;
  std::ranges::sort(sorted);
  return {.count = sorted.size(),
          .p50 = Quantile(sorted, 0.5),
          .p99 = Quantile(sorted, 0.99),
          .max = Quantile(sorted, 1)};
}

Report Verifier::Compare() const {
  Report report = seen_;
  report.complete = start_.has_value() && end_.has_value();
  readings_.Compare(options_.promise, report);
  if (fleet_ && start_) {
    fleet_->Compare(start_->alerts, end_ ? std::optional(end_->at) : std::nullopt, report);
  } else if (start_) {
    const UtcTime end = end_ ? end_->at + kAftermath : UtcTime::max();
    alerts_.Compare(options_.promise, start_->at, end, report);
  }
  report.records.telemetry = sequences_[kTelemetry].first();
  report.records.alerts = sequences_[kAlerts].first();
  report.records.status = sequences_[kStatus].first();
  for (const SequenceCheck& sequence : sequences_) {
    report.records.repeated += sequence.repeated();
    report.records.altered += sequence.altered();
    report.records.out_of_order += sequence.out_of_order();
    for (const SequenceCheck::Gap& gap : sequence.Gaps()) {
      report.records.missing += gap.to_seq - gap.from_seq + 1;
    }
  }
  report.driver = Latencies();
  return report;
}

}  // namespace fleet_edge::simulators
