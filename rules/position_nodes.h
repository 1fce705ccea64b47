#pragma once

#include <memory>
#include <vector>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/factory_context.h"
#include "rules/function.h"
#include "rules/geodesy.h"
#include "rules/geofence.h"
#include "rules/node.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// `geofence_inside` and `geofence_distance_m`: a measure of each place that the newest samples of
/// `latitude_deg` and `longitude_deg` with the same labels name. Two samples are a place when they
/// are of one fix: half a second apart at most.
///
/// Owned by the Plan; selections and geofence outlive it.
class GeofenceNode : public Node {
 public:
  using Measure = double (*)(const Geofence& geofence, GeoPosition position);

  GeofenceNode(const Selection& latitudes, const Selection& longitudes, Duration lookback,
               const Geofence& geofence, Measure measure)
      : latitudes_(latitudes),
        longitudes_(longitudes),
        lookback_(lookback),
        geofence_(geofence),
        measure_(measure) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const Selection& latitudes_;
  const Selection& longitudes_;
  const Duration lookback_;
  const Geofence& geofence_;
  const Measure measure_;
};

/// `distance_km_over_time`: the TravelledDistance of the fixes in a range. O(samples in the range).
///
/// Owned by the Plan; the windows outlive it.
class TravelledDistanceNode : public Node {
 public:
  TravelledDistanceNode(Windows& latitudes, Windows& longitudes)
      : latitudes_(latitudes), longitudes_(longitudes) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& latitudes_;
  Windows& longitudes_;
};

std::unique_ptr<Node> MakeGeofenceInside(FactoryContext& context);
std::unique_ptr<Node> MakeGeofenceDistance(FactoryContext& context);
std::unique_ptr<Node> MakeTravelledDistance(FactoryContext& context);

/// What the geofence functions read.
std::vector<ImpliedSelector> ImpliedPosition(const CallExpr& call);

/// What `distance_km_over_time` reads.
std::vector<ImpliedSelector> ImpliedTrack(const CallExpr& call);

/// The argument of `distance_km_over_time` is a literal, like 1h.
void CheckTrack(const CallExpr& call, std::vector<ExpressionError>& errors);

/// Adds what is wrong with the names of geofences in `expr`.
void CheckGeofences(const Expr& expr, const Geofences& geofences,
                    std::vector<ExpressionError>& errors);

}  // namespace fleet_edge::rules
