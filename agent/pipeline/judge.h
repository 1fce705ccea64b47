#pragma once

#include <utility>

#include "agent/pipeline/quality_gate.h"
#include "core/quality.h"
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
  Judge(QualityGate& gate, SeriesRegistry& registry, rules::Engine::Options options)
      : gate_(gate), engine_(registry, std::move(options)) {}

  /// Gives the reading its quality, and a good one to the rules; a stale one tells them that the
  /// series has ended.
  void Take(Reading& reading, UtcTime now) {
    gate_.Judge(reading, now);
    const bool in_time = reading.quality == Quality::kGood ? engine_.Add(reading)
                         : reading.quality == Quality::kStale
                             ? engine_.End(*reading.series, reading.time)
                             : true;
    if (!in_time) gate_.CountLate(reading);
  }

  rules::Engine& engine() { return engine_; }

 private:
  QualityGate& gate_;
  rules::Engine engine_;
};

}  // namespace fleet_edge::agent
