#include "tests/anomaly/score.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "tests/anomaly/alarms.h"
#include "tests/anomaly/fault.h"
#include "tests/anomaly/trial.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kHourS = 3'600;
constexpr double kDaysS = 48 * kHourS;
constexpr double kAimS = 30;
constexpr std::uint64_t kFirstHealthySeed = 1'000;
constexpr std::uint64_t kFirstFaultySeed = 1'000'000;
constexpr std::uint64_t kUnseenSeeds = 10'000'000;  // beyond those

std::uint64_t FirstSeed(const Settings& settings, std::uint64_t first) {
  return settings.tankers == Tankers::kUnseen ? first + kUnseenSeeds : first;
}

/// When the alarm that tells of the fault was raised, or nothing. One that was already on when the
/// fault began tells nothing.
std::optional<UtcTime> ToldAt(const std::vector<Alarm>& alarms, const Fault& fault) {
  const auto found = std::ranges::find_if(
      alarms, [&](const Alarm& alarm) { return alarm.from >= TimeOf(fault.begins_s); });
  return found == alarms.end() ? std::nullopt : std::optional(found->from);
}

void Note(const Trial& trial, const std::vector<Alarm>& alarms, Sight& sight) {
  ++sight.trials;
  const std::optional<UtcTime> told = ToldAt(alarms, trial.fault);
  if (!told) return;
  const double delay_s = ToSeconds(*told - TimeOf(*trial.shows_s));
  if (delay_s <= kAimS) ++sight.within_30s;
  sight.delays_s.push_back(delay_s);
  sight.begins_s.push_back(ToSeconds(*told - TimeOf(trial.fault.begins_s)));
}

}  // namespace

const std::vector<Detector>& Detectors() {
  static const std::vector<Detector> kDetectors{
      {"shipped settings", "ContainerTemperatureDeparts", "EngineTemperatureDeparts"},
      {"fixed threshold", "ContainerAbove45", "CoolantAbove105"},
      {"plain z-score over 10 s", "ContainerPlain", "CoolantPlain"},
  };
  return kDetectors;
}

Score CountFalseAlarms(const Settings& settings, double vehicle_hours) {
  const std::size_t count = Detectors().size();
  Score score{.false_alarms_container = std::vector<int>(count),
              .false_alarms_coolant = std::vector<int>(count)};
  for (std::uint64_t seed = FirstSeed(settings, kFirstHealthySeed);
       score.vehicle_hours < vehicle_hours; ++seed) {
    Alarms alarms = RunTanker(seed, {}, kDaysS, settings.rules, settings.period_s);
    score.vehicle_hours += kDaysS / kHourS;
    for (std::size_t i = 0; i < count; ++i) {
      const Detector& detector = Detectors()[i];
      score.false_alarms_container[i] += static_cast<int>(alarms[detector.container_alert].size());
      score.false_alarms_coolant[i] += static_cast<int>(alarms[detector.coolant_alert].size());
    }
  }
  return score;
}

std::vector<Sight> WatchFaults(const Settings& settings, FaultKind kind, int trials) {
  std::vector<Sight> sights(Detectors().size());
  for (std::uint64_t seed = FirstSeed(settings, kFirstFaultySeed); sights.front().trials < trials;
       ++seed) {
    const std::optional<Trial> trial = PlanTrial(kind, seed);
    if (!trial || !trial->shows_s) continue;
    Alarms alarms = RunTanker(seed, trial->fault, trial->ends_s, settings.rules, settings.period_s);
    for (std::size_t i = 0; i < sights.size(); ++i) {
      const Detector& detector = Detectors()[i];
      Note(*trial, alarms[trial->OfEngine() ? detector.coolant_alert : detector.container_alert],
           sights[i]);
    }
  }
  for (Sight& sight : sights) {
    std::ranges::sort(sight.delays_s);
    std::ranges::sort(sight.begins_s);
  }
  return sights;
}

std::optional<double> QuantileOf(const std::vector<double>& ascending, double share) {
  if (ascending.empty()) return std::nullopt;
  const auto last = static_cast<double>(ascending.size() - 1);
  return ascending[static_cast<std::size_t>(share * last)];
}

}  // namespace fleet_edge::anomaly
