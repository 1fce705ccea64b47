#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::rules {

/// How the name of a file of geofences ends; all others are rule files.
inline constexpr std::string_view kGeofenceExtension = ".geojson";

/// One file's name and text: the rules do no I/O.
struct RuleText {
  std::string file;
  std::string text;

  bool has_geofences() const { return file.ends_with(kGeofenceExtension); }
};

}  // namespace fleet_edge::rules
