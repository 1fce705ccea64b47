#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/quality_gate.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"

namespace fleet_edge::agent {

/// What is decided about readings, the same on the vehicle and in a replay: whether they are
/// believed, and what the rules make of them.
///
/// Used on one thread, the pipeline's or the replay's. Borrows `gate` and `registry`, which outlive
/// it.
class Judge {
 public:
  Judge(QualityGate& gate, SeriesRegistry& registry, rules::Engine::Options options);

  /// As rules::Engine::Load(): all files or none.
  Diagnostics Load(std::vector<rules::RuleText> files);

  /// As rules::Engine::RestoreState().
  bool Restore(const std::string& alert_state) { return engine_->RestoreState(alert_state); }

  /// Gives the reading its quality, and a good one to the rules.
  void Take(Reading& reading, UtcTime now) {
    gate_.Judge(reading, now);
    if (reading.quality == Quality::kGood && !engine_->Add(reading)) gate_.CountLate(reading);
  }

  /// Begins anew with empty windows, keeping rules and the states of alerts: after a step of the
  /// clock samples before it and after it can't stand in one window, and instants must not be
  /// waited for until time has caught up.
  void StartAnew();

  rules::Engine& engine() { return *engine_; }

 private:
  QualityGate& gate_;
  SeriesRegistry& registry_;
  const rules::Engine::Options options_;
  std::vector<rules::RuleText> files_;  // in force
  std::unique_ptr<rules::Engine> engine_;
};

}  // namespace fleet_edge::agent
