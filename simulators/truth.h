#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/alert_rule.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {

/// What must follow of one rule for one series of one vehicle, worked out from the readings sent,
/// with plain means and none of the agent's code.
///
/// A change is expected between the first instant at which it is possible (the mean is within the
/// margin of the threshold) and the one at which it is certain. One thread.
class AlertTruth {
 public:
  AlertTruth(std::string vehicle, const AlertRule& rule, Labels labels);

  /// A reading that was sent. Precondition: later than the last one.
  void Add(UtcTime time, double value);

  /// No reading follows. Changes that the emptying window may still bring are expected, but not
  /// required.
  void Finish();

  /// What was found since the last call.
  std::vector<ExpectedChange> Take();

 private:
  enum class Phase : std::uint8_t { kCalm, kRising, kFiring, kFalling };

  struct Sample {
    UtcTime time;
    double value;
  };

  void Look(UtcTime instant);
  std::optional<double> Mean(UtcTime instant);
  void Rise(UtcTime instant, std::optional<double> mean);
  void Fall(UtcTime instant, std::optional<double> mean);
  void Expect(AlertChange change, UtcTime latest, bool required);

  const std::string vehicle_;
  const AlertRule rule_;
  const Labels labels_;
  std::deque<Sample> window_;
  UtcTime next_ = UtcTime::min();  // instant to look at; min before the first reading
  Phase phase_ = Phase::kCalm;
  UtcTime possible_;  // since when the change is possible; of kRising and kFalling
  bool finished_ = false;
  std::vector<ExpectedChange> found_;
};

}  // namespace fleet_edge::simulators
