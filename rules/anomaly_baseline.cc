#include "rules/anomaly_baseline.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/time.h"

namespace fleet_edge::rules {
namespace {

/// The square of a larger mean is no number.
constexpr double kLargestLearned = 1e150;

}  // namespace

std::optional<double> AnomalyBaseline::Compare(double mean, UtcTime at, const Settings& settings) {
  if (memory_.compared_at && at < *memory_.compared_at) memory_ = {};  // the clock was set back
  if (memory_.compared_at && at > *memory_.compared_at) {
    Learn(memory_.newest, *memory_.compared_at, settings);
  }
  memory_.newest = mean;
  memory_.compared_at = at;
  return ScoreOf(mean, at, settings);
}

std::optional<Duration> AnomalyBaseline::AgeOf(UtcTime at, const Settings& settings) const {
  if (!memory_.learned_at) return std::nullopt;
  const Duration age = at - *memory_.learned_at;
  return age > settings.half_life ? std::nullopt : std::optional(age);
}

std::optional<double> AnomalyBaseline::ScoreOf(double mean, UtcTime at,
                                               const Settings& settings) const {
  if (!AgeOf(at, settings) || memory_.learned < settings.half_life) return std::nullopt;
  const double deviation = mean - memory_.mean;
  // A constant has no sigma, and as long as it stays it needs none.
  if (deviation == 0) return 0;
  return deviation / std::max(std::sqrt(memory_.variance), settings.min_sigma);
}

void AnomalyBaseline::Learn(double mean, UtcTime at, const Settings& settings) {
  if (!(std::abs(mean) <= kLargestLearned)) return;  // nor is NaN
  if (const std::optional<Duration> age = AgeOf(at, settings)) {
    const std::optional<double> score = ScoreOf(mean, at, settings);
    if (score && std::abs(*score) > kGate) return;
    memory_.weight *= std::exp2(-ToSeconds(*age) / ToSeconds(settings.half_life));
    memory_.learned += std::min(*age, settings.window);
  } else {
    memory_.weight = 0;
    memory_.learned = {};
    memory_.mean = mean;
    memory_.variance = 0;
  }
  memory_.weight += 1;
  memory_.learned_at = at;
  const double share = 1 / memory_.weight;
  const double deviation = mean - memory_.mean;
  memory_.mean += share * deviation;
  memory_.variance = (1 - share) * (memory_.variance + share * deviation * deviation);
}

}  // namespace fleet_edge::rules
