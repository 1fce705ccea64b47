#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::simulators {

/// A device that is taken out for a while. A value.
struct Unplugging {
  std::string device;
  Duration at{};  ///< since the start of the run
  Duration away{};
};

/// Reads `gnss@20s+5s`. Nothing when it is not of that form.
std::optional<Unplugging> ParseUnplugging(std::string_view text);

}  // namespace fleet_edge::simulators
