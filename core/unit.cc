#include "core/unit.h"

#include <array>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge {
namespace {

struct Entry {
  std::string_view to;
  std::string_view from;
  UnitConversion conversion;
};

// Exact factors: the SI Brochure, 9th edition, and NIST SP 811, appendix B.8.
constexpr std::array kEntries{
    Entry{"km/h", "km/h", {}},
    Entry{"km/h", "kmh", {}},
    Entry{"km/h", "m/s", {3.6, 0}},
    Entry{"km/h", "mph", {1.609344, 0}},
    Entry{"km/h", "knots", {1.852, 0}},
    Entry{"°C", "°C", {}},
    Entry{"°C", "C", {}},
    Entry{"°C", "degC", {}},
    Entry{"°C", "F", {5.0 / 9, -160.0 / 9}},
    Entry{"°C", "K", {1, -273.15}},
    Entry{"°C", "m°C", {1e-3, 0}},
    Entry{"°", "°", {}},
    Entry{"°", "deg", {}},
    Entry{"°", "rad", {180 / std::numbers::pi, 0}},
    Entry{"m", "m", {}},
    Entry{"m", "ft", {0.3048, 0}},
    Entry{"m", "km", {1e3, 0}},
    Entry{"km", "km", {}},
    Entry{"km", "m", {1e-3, 0}},
    Entry{"km", "mi", {1.609344, 0}},
    Entry{"%", "%", {}},
    Entry{"%", "percent", {}},
    Entry{"%", "ratio", {100, 0}},
    Entry{"kPa", "kPa", {}},
    Entry{"kPa", "Pa", {1e-3, 0}},
    Entry{"kPa", "bar", {100, 0}},
    Entry{"kPa", "psi", {6.894757293168361, 0}},
    Entry{"V", "V", {}},
    Entry{"V", "mV", {1e-3, 0}},
    Entry{"m/s²", "m/s²", {}},
    Entry{"m/s²", "m/s2", {}},
    Entry{"m/s²", "g", {9.80665, 0}},
    Entry{"m/s²", "mg", {9.80665e-3, 0}},
    Entry{"rpm", "rpm", {}},
    Entry{"rpm", "Hz", {60, 0}},
};

}  // namespace

std::optional<UnitConversion> FindConversion(std::string_view from, std::string_view to) {
  for (const Entry& entry : kEntries) {
    if (entry.to == to && entry.from == from) return entry.conversion;
  }
  return std::nullopt;
}

std::string ConvertibleUnits(std::string_view to) {
  std::string names;
  for (const Entry& entry : kEntries) {
    if (entry.to != to) continue;
    if (!names.empty()) names += ", ";
    names += entry.from;
  }
  return names;
}

}  // namespace fleet_edge
