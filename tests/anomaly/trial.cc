#include "tests/anomaly/trial.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "rules/rule_text.h"
#include "tests/anomaly/alarms.h"
#include "tests/anomaly/fault.h"
#include "tests/anomaly/random.h"
#include "tests/anomaly/simulated_tanker.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kMinuteS = 60;
constexpr double kHourS = 3'600;
constexpr double kLatestBeginS = 24 * kHourS;
constexpr double kWatchedS = 2 * kHourS;
constexpr double kContainerShowsK = 3;
constexpr double kCoolantShowsK = 12;
constexpr double kStaysS = 30;
constexpr double kWarmUpS = 10 * kMinuteS;
constexpr double kDrivenS = 40 * kMinuteS;
constexpr double kDifferenceK = 8;

bool CanBegin(FaultKind kind, const SimulatedTanker& tanker) {
  const double warmer = tanker.ambient() - tanker.cargo();
  switch (kind) {
    case FaultKind::kDoor:
      return tanker.cooled() && std::abs(warmer) > kDifferenceK;
    case FaultKind::kCooler:
      return tanker.cooled() && warmer > kDifferenceK;
    case FaultKind::kOverheat:
      return tanker.trip().driving_s() > kDrivenS;
    case FaultKind::kFire:
    case FaultKind::kNone:
      break;
  }
  return true;
}

double TrueOf(FaultKind kind, const SimulatedTanker& tanker) {
  return kind == FaultKind::kOverheat ? tanker.coolant() : tanker.cargo();
}

/// The healthy tanker's mean over the hour before `until`, of the engine not its warm-up.
double NormalOf(FaultKind kind, std::uint64_t seed, double until_s) {
  SimulatedTanker tanker(seed);
  double sum = 0;
  int count = 0;
  while (tanker.now_s() < until_s) {
    tanker.Step();
    if (tanker.now_s() <= until_s - kHourS) continue;
    if (kind == FaultKind::kOverheat && tanker.trip().driving_s() < kWarmUpS) continue;
    sum += TrueOf(kind, tanker);
    ++count;
  }
  return sum / count;
}

std::optional<double> ShowsAt(std::uint64_t seed, const Fault& fault) {
  const bool of_engine = fault.kind == FaultKind::kOverheat;
  const double normal = NormalOf(fault.kind, seed, fault.begins_s);
  const double shows_k = of_engine ? kCoolantShowsK : kContainerShowsK;
  SimulatedTanker tanker(seed, fault);
  std::optional<double> since;
  while (tanker.now_s() < fault.begins_s + kWatchedS) {
    tanker.Step();
    if (tanker.now_s() < fault.begins_s) continue;
    const double away = TrueOf(fault.kind, tanker) - normal;
    const bool shows =
        (of_engine ? away : std::abs(away)) > shows_k && (!of_engine || tanker.trip().engine_on());
    if (!shows) since.reset();
    if (shows && !since) since = tanker.now_s();
    if (since && tanker.now_s() - *since >= kStaysS) return since;
  }
  return std::nullopt;
}

}  // namespace

UtcTime TimeOf(double second) {
  return UtcTime{std::chrono::seconds{1'700'000'000 + std::llround(second)}};
}

std::optional<Trial> PlanTrial(FaultKind kind, std::uint64_t seed) {
  Random random(seed);
  Fault fault{.kind = kind, .begins_s = random.Between(6, 12) * kHourS, .severity = random.Share()};
  SimulatedTanker tanker(seed);
  while (tanker.now_s() < fault.begins_s || !CanBegin(kind, tanker)) {
    if (tanker.now_s() > kLatestBeginS) return std::nullopt;
    tanker.Step();
  }
  fault.begins_s = tanker.now_s() + 1;
  return Trial{.seed = seed,
               .fault = fault,
               .shows_s = ShowsAt(seed, fault),
               .ends_s = fault.begins_s + kWatchedS};
}

Alarms RunTanker(std::uint64_t seed, const Fault& fault, double ends_s,
                 const std::vector<rules::RuleText>& rules, int period_s) {
  Watch watch(rules);
  SimulatedTanker tanker(seed, fault);
  for (std::int64_t second = 1; static_cast<double>(second) <= ends_s; ++second) {
    const SimulatedTanker::Readings readings = tanker.Step();
    const UtcTime time = TimeOf(tanker.now_s());
    if (second % period_s == 0) {
      watch.Add("cargo_celsius", time, readings.cargo);
      if (readings.coolant) watch.Add("engine_coolant_celsius", time, *readings.coolant);
    }
    watch.AdvanceTo(time);
  }
  return watch.alarms();
}

}  // namespace fleet_edge::anomaly
