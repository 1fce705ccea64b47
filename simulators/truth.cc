#include "simulators/truth.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/alert_rule.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

constexpr Duration kWindow = std::chrono::seconds{10};
constexpr Duration kInterval = std::chrono::seconds{1};
// A reading on its way may be too late for the agent and shift the change by an instant.
constexpr Duration kSlack = kInterval;

}  // namespace

AlertTruth::AlertTruth(std::string vehicle, const AlertRule& rule, Labels labels)
    : vehicle_(std::move(vehicle)), rule_(rule), labels_(std::move(labels)) {}

void AlertTruth::Add(UtcTime time, double value) {
  if (next_ == UtcTime::min()) next_ = std::chrono::ceil<std::chrono::seconds>(time);
  for (; next_ < time; next_ += kInterval) Look(next_);
  window_.push_back({.time = time, .value = value});
}

void AlertTruth::Finish() {
  if (window_.empty()) return;
  const UtcTime last = window_.back().time;
  for (; next_ <= last + kWindow; next_ += kInterval) {
    finished_ = next_ > last;
    Look(next_);
  }
  if (phase_ == Phase::kRising) Expect(AlertChange::kFiring, next_, false);
  if (phase_ == Phase::kFalling) Expect(AlertChange::kResolved, next_, false);
}

std::vector<ExpectedChange> AlertTruth::Take() { return std::exchange(found_, {}); }

std::optional<double> AlertTruth::Mean(UtcTime instant) {
  while (!window_.empty() && window_.front().time <= instant - kWindow) window_.pop_front();
  if (window_.empty()) return std::nullopt;
  double sum = 0;
  for (const Sample& sample : window_) sum += sample.value;
  return sum / static_cast<double>(window_.size());
}

void AlertTruth::Look(UtcTime instant) {
  const std::optional<double> mean = Mean(instant);
  if (!mean) return;  // no data: an alert neither comes nor goes
  const bool up = phase_ == Phase::kCalm || phase_ == Phase::kRising;
  up ? Rise(instant, mean) : Fall(instant, mean);
}

void AlertTruth::Rise(UtcTime instant, std::optional<double> mean) {
  const bool enough = window_.size() >= rule_.min_samples;
  const bool possible = enough && mean >= rule_.fires_at - rule_.margin;
  if (possible && phase_ == Phase::kCalm) {
    phase_ = Phase::kRising;
    possible_ = instant;
  }
  if (enough && mean >= rule_.fires_at + rule_.margin) {
    Expect(AlertChange::kFiring, instant + kSlack, true);
    phase_ = Phase::kFiring;
  } else if (!possible && phase_ == Phase::kRising) {
    // It came near and went: the agent may have seen it cross, and come back.
    Expect(AlertChange::kFiring, instant, false);
    Expect(AlertChange::kResolved, instant + kWindow, false);
    phase_ = Phase::kCalm;
  }
}

void AlertTruth::Fall(UtcTime instant, std::optional<double> mean) {
  const bool possible = mean < rule_.clears_below + rule_.margin;
  if (possible && phase_ == Phase::kFiring) {
    phase_ = Phase::kFalling;
    possible_ = instant;
  }
  if (mean < rule_.clears_below - rule_.margin) {
    Expect(AlertChange::kResolved, instant + kSlack, true);
    phase_ = Phase::kCalm;
  } else if (!possible && phase_ == Phase::kFalling) {
    Expect(AlertChange::kResolved, instant, false);
    Expect(AlertChange::kFiring, instant + kWindow, false);
    phase_ = Phase::kFiring;
  }
}

void AlertTruth::Expect(AlertChange change, UtcTime latest, bool required) {
  found_.push_back({.vehicle = vehicle_,
                    .alert = std::string(rule_.alert),
                    .labels = labels_,
                    .change = change,
                    .earliest = possible_,
                    .latest = latest,
                    .required = required && !finished_});
}

}  // namespace fleet_edge::simulators
