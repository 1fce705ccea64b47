#pragma once

#include <optional>

#include "core/time.h"

namespace fleet_edge::rules {

/// What is normal for one series: the exponentially weighted mean of its windows' means, and how
/// far they stray from it. A value, a function of the means and instants that it was given alone.
///
/// It speaks once it has learned from a half-life's worth of windows. A mean further than kGate
/// sigmas away is no part of the normal and isn't learned, so that a fault that comes slowly can't
/// make itself normal. What has not learned for a half-life is forgotten and learned anew: a change
/// that stays becomes the normal one half-life after that.
///
/// Mean and variance: West, "Updating mean and variance estimates" (CACM 22, 1979), each weight
/// halved by every half-life that passes.
class AnomalyBaseline {
 public:
  /// Means further away, in sigmas, are not learned. At 3 a normal distribution loses 0.3 % of its
  /// means and 1 % of its sigma.
  static constexpr double kGate = 3;

  struct Settings {
    Duration half_life;  ///< above 0
    Duration window;     ///< what one mean is of; above 0
    double min_sigma;    ///< the least sigma, in the series' unit; 0 or more
  };

  /// All that a restart must not forget.
  struct Memory {
    double weight = 0;  ///< of all that was learned, one for a mean, at `learned_at`
    double mean = 0;
    double variance = 0;
    Duration learned{};                    ///< the time that windows it learned from cover
    std::optional<UtcTime> learned_at{};   ///< nothing: it knows nothing
    double newest = 0;                     ///< the mean compared last …
    std::optional<UtcTime> compared_at{};  ///< … which is learned at the next instant

    friend bool operator==(const Memory&, const Memory&) = default;
  };

  AnomalyBaseline() = default;
  explicit AnomalyBaseline(const Memory& memory) : memory_(memory) {}

  /// The z-score of `mean`, the window's that ends at `at`, against what was learned of earlier
  /// instants; nothing as long as that is not enough. Given an instant again, its later mean
  /// counts; one before the last begins anew.
  std::optional<double> Compare(double mean, UtcTime at, const Settings& settings);

  const Memory& memory() const { return memory_; }

 private:
  /// How long ago it last learned; nothing when what it learned is forgotten at `at`.
  std::optional<Duration> AgeOf(UtcTime at, const Settings& settings) const;
  std::optional<double> ScoreOf(double mean, UtcTime at, const Settings& settings) const;
  void Learn(double mean, UtcTime at, const Settings& settings);

  Memory memory_;
};

}  // namespace fleet_edge::rules
