#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {

/// The alert SensorSilent, of a rule that looks every second: `absent_over_time(SERIES[3s])`, with
/// the label `signal`.
inline constexpr std::string_view kSilenceAlert = "SensorSilent";
inline constexpr Duration kSilentAfter = std::chrono::seconds{3};

/// True for what a vehicle usually measures every second: the rule watches that.
bool WatchesSilence(const SeriesName& series);

/// What must follow of it for one series, worked out from when it spoke. One thread.
class SilenceTruth {
 public:
  /// Until it speaks for the first time it may be told silent or not: agents come up at their own
  /// pace.
  SilenceTruth(std::string vehicle, const SeriesName& series, UtcTime begin);

  /// It spoke; `reader` is how much later the agent may read it,
  /// and how much before its end it may have read it last. Precondition: not earlier than the
  /// last one.
  void Add(UtcTime time, Duration reader);

  /// Nothing follows, and whether the agent sees that is open.
  void Finish(UtcTime end);

  /// What was found since the last call.
  std::vector<ExpectedChange> Take() { return std::exchange(found_, {}); }

 private:
  void Expect(AlertChange change, UtcTime earliest, UtcTime latest, bool required);

  const std::string vehicle_;
  Labels labels_;
  const UtcTime begin_;
  std::optional<UtcTime> last_;
  std::vector<ExpectedChange> found_;
};

}  // namespace fleet_edge::simulators
