#pragma once

#include <string_view>

namespace fleet_edge::simulators {

/// The files of recordings/, as text. They live as long as the program.

/// EPA's urban drive cycle: `cycSecs,cycMps`, a row a second.
std::string_view UddsCycle();

/// EPA's aggressive drive cycle, same form.
std::string_view Us06Cycle();

/// A drive near Regensburg: `time,latitude_deg,longitude_deg,speed_mps,heading_deg`.
std::string_view RegensburgTrack();

}  // namespace fleet_edge::simulators
