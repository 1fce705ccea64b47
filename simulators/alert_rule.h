#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fleet_edge::simulators {

/// What the simulator knows of an alerting rule of the demo: a mean over ten seconds, looked at
/// every second. Written down here once more, since a truth that read the agent's rules would
/// share its mistakes.
struct AlertRule {
  std::string_view alert;
  std::string_view signal;
  double fires_at;          ///< a mean that reaches this
  double clears_below;      ///< … and then falls below this
  double margin;            ///< within which of a threshold the truth leaves open what happens
  std::size_t min_samples;  ///< fewer in the window never fire
};

/// simulators/demo/rules.yaml, as far as the simulated vehicles provoke it.
inline constexpr std::array kTankerAlerts{
    AlertRule{"EngineOverheat", "engine_coolant_celsius", 105, 98, 1.5, 5},
    AlertRule{"CargoOverheat", "cargo_celsius", 45, 42, 1.5, 1},
    AlertRule{"Overspeed", "vehicle_speed_kmh", 90, 85, 1.5, 1},
};

}  // namespace fleet_edge::simulators
