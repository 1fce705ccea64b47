#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/result.h"
#include "core/section.h"
#include "core/unit.h"

namespace fleet_edge::drivers {

/// What a field of the input becomes: a series, and the way into the catalogue's unit. A value.
struct SignalTarget {
  std::string signal;
  Labels labels;
  UnitConversion conversion;
};

/// `cargo_celsius{zone="1"}`.
std::string SeriesText(const SignalTarget& target);

/// Reads `name` or `name{label="value",…}`, `unit` being the input's unit; empty means the
/// catalogue's.
/// Errors: kDrop, the message says what is wrong and names the units that convert.
Result<SignalTarget> ParseSignalTarget(std::string_view series, std::string_view unit);

/// The same for a configuration: adds what is wrong to `context`, and a warning for a name that
/// looks like a misspelt one of the catalogue.
std::optional<SignalTarget> ReadSignalTarget(std::string_view series, std::string_view unit,
                                             Position position, const Section::Context& context);

}  // namespace fleet_edge::drivers
