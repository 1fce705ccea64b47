// Any text as GeoJSON: it is refused with places in it, or its geofences can be asked.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/diagnostic.h"
#include "rules/geodesy.h"
#include "rules/geofence.h"
#include "rules/geojson.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge;
  using namespace fleet_edge::rules;
  Geofences geofences;
  Diagnostics findings;
  ReadGeoJson({"places.geojson", std::string(data, data + size)}, geofences, findings);
  for (const Diagnostic& finding : findings) {
    if (finding.what.empty() || finding.position.line < 0) std::abort();
  }
  if (HasErrors(findings)) return 0;
  for (const auto& [name, geofence] : geofences) {
    for (const GeoPosition position :
         {GeoPosition{50.5, 10.5}, GeoPosition{-90, -180}, GeoPosition{0, 180}}) {
      const double distance_m = geofence.DistanceM(position);
      if (!std::isfinite(distance_m) || distance_m < 0) std::abort();
      if (geofence.Contains(position) && distance_m != 0) std::abort();
    }
  }
  return 0;
}
