#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "core/time.h"

namespace fleet_edge {

/// One entry of the signal catalogue: what a vehicle can measure, in the one unit fleet-edge keeps
/// it in.
struct Signal {
  std::uint32_t number;       ///< of the enum fleet.v1.Signal; never given to another signal
  std::string_view name;      ///< Prometheus-style, the unit at its end: `engine_coolant_celsius`
  std::string_view unit;      ///< as people write it; empty for a plain number
  std::string_view vss_path;  ///< COVESA VSS 6.0, or empty where VSS has no such signal
  std::string_view description;  ///< one sentence
  double min;                    ///< a value outside [min, max] is out of range
  double max;
  int decimals;     ///< declared resolution: 10^-decimals
  Duration period;  ///< how often a vehicle usually measures it
};

/// All signals, by number.
std::span<const Signal> SignalCatalogue();

/// The catalogue's entry, or null: any other name is allowed too, and has no unit, range or
/// resolution. The entry lives for ever.
const Signal* FindSignal(std::string_view name);

/// The catalogue's name that is nearest to `name`, for error messages; empty when none is near.
std::string_view NearestSignal(std::string_view name);

/// True for `[a-zA-Z_:][a-zA-Z0-9_:]*`, Prometheus's metric names.
bool IsSignalName(std::string_view name);

}  // namespace fleet_edge
