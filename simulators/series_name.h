#pragma once

#include <compare>
#include <string>

#include "core/labels.h"

namespace fleet_edge::simulators {

/// What a reading is of, as consumers know it. A value.
struct SeriesName {
  std::string name;
  Labels labels;

  friend auto operator<=>(const SeriesName&, const SeriesName&) = default;
};

}  // namespace fleet_edge::simulators
