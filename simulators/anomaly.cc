#include "simulators/anomaly.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/time.h"
#include "simulators/random.h"

namespace fleet_edge::simulators {
namespace {

constexpr double kSlotSeconds = 60;
// Of an anomaly; a ten-second mean needs about eight to cross its threshold.
constexpr double kShortestSeconds = 14;

}  // namespace

std::vector<Anomaly> PlanAnomalies(Duration run, int zones, Random& random) {
  std::vector<Anomaly> anomalies;
  if (run < kShortestTroubledRun) return anomalies;
  const double seconds = ToSeconds(run);
  const double slots = std::max(1.0, std::floor(seconds / kSlotSeconds));
  const double slot = seconds / slots;
  const double length = std::max(kShortestSeconds, 0.3 * slot);
  for (double start = 0; start + slot / 2 < seconds; start += slot) {
    using Kind = Anomaly::Kind;
    for (const Kind kind : {Kind::kOverheatingEngine, Kind::kHeatingContainer, Kind::kSpeeding}) {
      const double begin = start + slot * random.Uniform(0.05, 0.25);
      const int zone =
          kind == Kind::kHeatingContainer ? 1 + static_cast<int>(random.Uniform(0, zones)) : 0;
      anomalies.push_back({.kind = kind, .begin_s = begin, .end_s = begin + length, .zone = zone});
    }
  }
  return anomalies;
}

}  // namespace fleet_edge::simulators
