#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// Readings of configured signals that are not sent, beside those that are; label signal.
inline constexpr std::string_view kThinnedTotal = "fleet_edge_readings_thinned_total";

/// How seldom one signal is sent. A value.
struct ThinningOptions {
  Duration every{};      ///< no sooner than this after the last that was sent
  double dead_band = 0;  ///< … and not while it is within this of it, in the signal's unit
  Duration at_least = std::chrono::seconds{60};  ///< … but this often, whatever it says
};

/// Keys of the configuration's `uplink.thin.<signal>`.
void Describe(Section& section, ThinningOptions& options);

/// Decides which readings leave the vehicle where a fleet asks for fewer than are measured. Rules
/// see all of them. What is not good, what follows it, and what is older than the last one sent is
/// always sent.
///
/// Owned by App, used on the pipeline's thread only. Borrows `counters`, which outlive it.
class Thinning {
 public:
  using Options = std::map<std::string, ThinningOptions>;  ///< by signal

  Thinning(Options options, Counters& counters);

  /// False: the reading is counted as thinned.
  bool Sends(const Reading& reading) { return options_.empty() || SendsConfigured(reading); }

 private:
  struct Sent {
    UtcTime time;
    double value;
    Quality quality;
  };
  struct Slot {
    bool known = false;                        // options has been looked up
    const ThinningOptions* options = nullptr;  // null: the signal is not thinned
    Counter* thinned = nullptr;
    std::optional<Sent> last{};
  };

  bool SendsConfigured(const Reading& reading);
  Slot MakeSlot(const Series& series);

  const Options options_;
  Counters& counters_;
  std::vector<Slot> slots_;  // by Series::id, which the registry bounds
};

}  // namespace fleet_edge::agent
