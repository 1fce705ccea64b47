#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge {

/// How a sensor's unit becomes the catalogue's: value × scale + offset.
struct UnitConversion {
  double scale = 1;
  double offset = 0;

  double operator()(double value) const { return value * scale + offset; }
};

/// From `from` (`m/s`, `mph`, `knots`, `F`, `K`, `psi`, `bar`, `mV`, `mg`, `ft`, `mi`, `rad`,
/// `ratio`, …) to `to` (a unit of the catalogue). The same unit, also by an ASCII name (`C`,
/// `degC`, `deg`), converts to itself. Nothing when the two measure different things or `from` is
/// unknown.
std::optional<UnitConversion> FindConversion(std::string_view from, std::string_view to);

/// The names FindConversion() takes for `to`, for error messages: `km/h, kmh, m/s, mph, knots`.
std::string ConvertibleUnits(std::string_view to);

}  // namespace fleet_edge
