#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "rules/rule_text.h"
#include "tests/anomaly/alarms.h"
#include "tests/anomaly/fault.h"

namespace fleet_edge::anomaly {

/// When a simulation's `second` is.
UtcTime TimeOf(double second);

/// One tanker on whose ordinary day one fault begins.
///
/// A fault can be seen when it shows: when the true temperature is 3 °C (container) or 12 °C
/// (coolant) away from what it was on average in the hour before, and stays so for half a minute.
/// That is the goods at 5 °C leaving 2 to 8 °C, and the coolant at 88 °C reaching 100 °C. A door or
/// a fire shows within seconds, a failing cooler after half an hour.
struct Trial {
  std::uint64_t seed;
  Fault fault;
  std::optional<double> shows_s;  ///< after the simulation's start; nothing: not within two hours
  double ends_s;

  bool OfEngine() const { return fault.kind == FaultKind::kOverheat; }
};

/// A trial of this kind on the tanker of that seed, after it has been driving or standing for six
/// to twelve hours; nothing where there can be none: no cooler, no difference to the ambient, no
/// engine that has been driving for 40 minutes.
std::optional<Trial> PlanTrial(FaultKind kind, std::uint64_t seed);

/// The alarms of the tanker of that seed, up to `ends_s`; a reading each `period_s` seconds.
Alarms RunTanker(std::uint64_t seed, const Fault& fault, double ends_s,
                 const std::vector<rules::RuleText>& rules, int period_s = 1);

}  // namespace fleet_edge::anomaly
