#pragma once

#include <vector>

#include "core/diagnostic.h"
#include "rules/geofence.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {

/// Reads the geofences of one GeoJSON file (RFC 7946): a FeatureCollection or a Feature, each with
/// `properties.name` and a Polygon, a MultiPolygon, or a Point with `properties.radius_m`, which is
/// a circle. Features of one name are parts of one geofence, of other files too.
///
/// All that is wrong is added to `diagnostics`, 20 findings at most; `geofences` is then
/// incomplete. A file has at most 16 MiB and 100,000 positions.
void ReadGeoJson(const RuleText& source, Geofences& geofences, Diagnostics& diagnostics);

/// Those of all GeoJSON files among `files`.
Geofences ReadGeofences(const std::vector<RuleText>& files, Diagnostics& diagnostics);

}  // namespace fleet_edge::rules
