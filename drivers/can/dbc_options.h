#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "drivers/can/can_reader.h"

namespace fleet_edge::drivers {

/// How a signal of a DBC file becomes a series. A value.
struct DbcSignalOptions {
  std::string signal;  ///< `Message.Signal`, or `Signal` where it stands once
  std::string unit;    ///< empty: the file's
};

void Describe(Section& section, DbcSignalOptions& options);

/// Reads the DBC file `path`, which counts from the folder of `context`'s file when it is relative,
/// and compiles `signals` (by series). What is wrong is added to `context`: at `position` what the
/// configuration says, under the file's own name what it says.
std::vector<CanDecoding::Channel> ReadDbcChannels(
    const std::string& path, const std::map<std::string, DbcSignalOptions>& signals,
    Position position, const Section::Context& context);

}  // namespace fleet_edge::drivers
