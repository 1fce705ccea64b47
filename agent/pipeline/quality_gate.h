#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/pipeline/signal_limits.h"
#include "core/counters.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// Readings that passed the gate; label quality.
inline constexpr std::string_view kReadingsTotal = "fleet_edge_readings_total";

/// Judges whether a reading is to be believed: its value against the catalogue's range and the
/// fleet's own limits, its time against the agent's.
///
/// Owned by App or Replay, used on the pipeline's thread only. Borrows `counters`, which outlive
/// it.
class QualityGate {
 public:
  /// A reading's own time must lie in [now − max_age, now + max_skew].
  struct Window {
    Duration max_age = std::chrono::hours{24};
    Duration max_skew = std::chrono::seconds{60};

    /// Any time will do: a recording's clock is its readings' own.
    static constexpr Window Unbounded() {
      return {std::chrono::years{1000}, std::chrono::years{1000}};
    }
  };

  struct Options {
    Window window;
    std::map<std::string, SignalLimits> signals;  ///< by name; of all its series
  };

  /// `drivers`: names by Reading::driver − 1.
  QualityGate(Options options, std::vector<std::string> drivers, Counters& counters);

  /// Sets the reading's quality and counts it. What its driver has already found wrong stays as the
  /// driver said.
  void Judge(Reading& reading, UtcTime now) {
    if (reading.quality == Quality::kGood) reading.quality = QualityOf(reading, now);
    if (reading.quality == Quality::kGood && !options_.signals.empty()) {
      reading.quality = QualityByLimits(reading);
    }
    if (reading.quality != Quality::kGood) Count(reading, ToString(reading.quality));
    ++pending_.at(static_cast<std::size_t>(reading.quality));
  }

  /// Counts a reading that came after the rules had decided the instants it belongs to. It is
  /// uplinked all the same.
  void CountLate(const Reading& reading) { Count(reading, "late"); }

  /// Adds what was judged since the last call to the shared counters: one addition for many
  /// readings.
  void Publish();

 private:
  /// One series that has limits of its own, or has none.
  struct Limited {
    bool known = false;  // limits has been looked up
    const SignalLimits* limits = nullptr;
    RateCheck rate{};
  };

  Quality QualityOf(const Reading& reading, UtcTime now) const;
  Limited FindLimits(const std::string& signal) const;
  Quality QualityByLimits(const Reading& reading);
  void Count(const Reading& reading, std::string_view reason);

  const Options options_;
  const std::vector<std::string> drivers_;
  Counters& counters_;
  std::array<Counter*, kQualityNames.size()> totals_{};
  std::array<std::uint64_t, kQualityNames.size()> pending_{};
  std::vector<Limited> limited_;  // by Series::id, which the registry bounds
};

/// Keys of the configuration's `quality`.
void Describe(Section& section, QualityGate::Options& options);

}  // namespace fleet_edge::agent
