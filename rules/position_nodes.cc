#include "rules/position_nodes.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/nearest.h"
#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/factory_context.h"
#include "rules/function.h"
#include "rules/geodesy.h"
#include "rules/geofence.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/sample_ring.h"
#include "rules/selector.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"
#include "rules/travelled_distance.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kLatitude = "latitude_deg";
constexpr std::string_view kLongitude = "longitude_deg";

/// Samples further apart are of two fixes: receivers send one a second, or more often.
constexpr Duration kOneFix = std::chrono::milliseconds{500};

/// As long as a range may be.
constexpr double kLongestRangeS = 366 * 86'400.0;

/// How many fixes of which one half is missing are looked beyond.
constexpr int kMostTries = 8;

/// Calls `visit` with the items of both whose labels are the same but for the metric's name.
template <typename Items, typename LabelsOf, typename Visit>
void ForEachPair(const Items& latitudes, const Items& longitudes, LabelPool& pool,
                 const LabelsOf& labels_of, const Visit& visit) {
  const auto token = pool.NewToken();
  for (std::size_t i = 0; i < latitudes.size(); ++i) {
    const LabelSet& labels = *labels_of(latitudes[i])->nameless;
    labels.token = token;
    labels.slot = i;
  }
  for (const auto& longitude : longitudes) {
    const LabelSet& labels = *labels_of(longitude)->nameless;
    if (labels.token == token) visit(&labels, latitudes[labels.slot], longitude);
  }
}

bool AreOneFix(const Sample& latitude, const Sample& longitude) {
  return std::chrono::abs(latitude.time - longitude.time) <= kOneFix;
}

/// Nothing when it is no place on the globe.
std::optional<GeoPosition> ToPosition(const Sample& latitude, const Sample& longitude) {
  if (!(std::abs(latitude.value) <= 90 && std::abs(longitude.value) <= 180)) return std::nullopt;
  return GeoPosition{latitude.value, longitude.value};
}

/// The place that the newest samples with at − lookback < time <= at name.
std::optional<GeoPosition> NewestPosition(const StoredSeries& latitudes,
                                          const StoredSeries& longitudes, UtcTime at,
                                          Duration lookback) {
  const Sample* latitude = latitudes.At(at, lookback);
  const Sample* longitude = longitudes.At(at, lookback);
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (latitude == nullptr || longitude == nullptr) return std::nullopt;
    if (std::min(latitude->time, longitude->time) <= at - lookback) return std::nullopt;
    if (AreOneFix(*latitude, *longitude)) return ToPosition(*latitude, *longitude);
    // The later one's other half is missing.
    if (latitude->time > longitude->time) {
      latitude = latitudes.samples.NewestUntil(longitude->time + kOneFix);
    } else {
      longitude = longitudes.samples.NewestUntil(latitude->time + kOneFix);
    }
  }
  return std::nullopt;
}

/// Adds the fixes that two windows make, in order of time.
TravelledDistance Travel(const Window& latitudes, const Window& longitudes) {
  const auto is_nearer = [](const Sample& a, const Sample& b, UtcTime time) {
    return std::chrono::abs(a.time - time) <= std::chrono::abs(b.time - time);
  };
  TravelledDistance way;
  std::size_t i = 0;
  latitudes.ForEach([&](const Sample& latitude) {
    while (i + 1 < longitudes.size() && is_nearer(longitudes[i + 1], longitudes[i], latitude.time))
      ++i;
    if (!AreOneFix(latitude, longitudes[i])) return;
    const auto position = ToPosition(latitude, longitudes[i]);
    if (position) way.Add({latitude.time, *position});
  });
  return way;
}

Duration RangeOf(const CallExpr& call) {
  const auto& range = std::get<NumberLiteral>(call.arguments.front()->node);
  return Duration{std::llround(range.value * 1e6)};
}

std::unique_ptr<Node> MakeGeofence(FactoryContext& context, GeofenceNode::Measure measure) {
  const auto selection = [&](std::string_view metric) -> const Selection& {
    return context.SelectionOf({.selector = SelectorOf(metric)});
  };
  const Geofence& geofence = context.geofences().find(context.Text(0))->second;
  return std::make_unique<GeofenceNode>(selection(kLatitude), selection(kLongitude),
                                        context.lookback(), geofence, measure);
}

bool NamesGeofence(const Function& function) {
  const auto* const make = std::get_if<NodeFactory>(&function.implementation);
  return make != nullptr && (*make == MakeGeofenceInside || *make == MakeGeofenceDistance);
}

std::string MendOf(std::string_view name, const Geofences& geofences) {
  if (geofences.empty()) return "Put its GeoJSON beside the rules, in a file *.geojson";
  std::vector<std::string_view> names;
  for (const auto& [each, geofence] : geofences) names.emplace_back(each);
  std::string_view nearest = Nearest(name, names);
  if (nearest.empty()) nearest = names.front();
  return "There is '" + std::string(nearest) + "', in " + geofences.find(nearest)->second.file;
}

}  // namespace

void GeofenceNode::Compute(Evaluation& evaluation, Vector& result) {
  ForEachPair(
      latitudes_.series, longitudes_.series, evaluation.pool,
      [](const StoredSeries* series) { return series->labels; },
      [&](const LabelSet* labels, const StoredSeries* latitude, const StoredSeries* longitude) {
        const auto position = NewestPosition(*latitude, *longitude, evaluation.at, lookback_);
        if (position) result.push_back({labels, measure_(geofence_, *position)});
      });
}

void TravelledDistanceNode::Compute(Evaluation& evaluation, Vector& result) {
  using Item = Windows::Item;
  ForEachPair(
      latitudes_.At(evaluation), longitudes_.At(evaluation), evaluation.pool,
      [](const Item& item) { return item.labels; },
      [&](const LabelSet* labels, const Item& latitude, const Item& longitude) {
        const TravelledDistance way = Travel(latitude.window.samples, longitude.window.samples);
        if (way.has_fix()) result.push_back({labels, way.metres() / 1000});
      });
}

std::unique_ptr<Node> MakeGeofenceInside(FactoryContext& context) {
  return MakeGeofence(context, [](const Geofence& geofence, GeoPosition position) {
    return geofence.Contains(position) ? 1.0 : 0.0;
  });
}

std::unique_ptr<Node> MakeGeofenceDistance(FactoryContext& context) {
  return MakeGeofence(context, [](const Geofence& geofence, GeoPosition position) {
    return geofence.DistanceM(position);
  });
}

std::unique_ptr<Node> MakeTravelledDistance(FactoryContext& context) {
  const Duration range = RangeOf(context.call());
  return std::make_unique<TravelledDistanceNode>(context.RangeOf(kLatitude, range),
                                                 context.RangeOf(kLongitude, range));
}

std::vector<ImpliedSelector> ImpliedPosition(const CallExpr&) {
  return {{kLatitude}, {kLongitude}};
}

std::vector<ImpliedSelector> ImpliedTrack(const CallExpr& call) {
  return {{kLatitude, RangeOf(call)}, {kLongitude, RangeOf(call)}};
}

void CheckTrack(const CallExpr& call, std::vector<ExpressionError>& errors) {
  const Expr& argument = *call.arguments.front();
  const auto* const range = std::get_if<NumberLiteral>(&argument.node);
  if (range != nullptr && range->value >= 1e-6 && range->value <= kLongestRangeS) return;
  errors.push_back(
      {argument.offset,
       "'" + std::string(call.function->name) + "' takes a duration of its own, up to 366d",
       "Write one like 1h"});
}

void CheckGeofences(const Expr& expr, const Geofences& geofences,
                    std::vector<ExpressionError>& errors) {
  ForEachNode(expr, [&](const Expr& node) {
    const auto* const call = std::get_if<CallExpr>(&node.node);
    if (call == nullptr || !NamesGeofence(*call->function) || call->arguments.empty()) return;
    const Expr& argument = *call->arguments.front();
    const auto* const name = std::get_if<StringLiteral>(&argument.node);
    if (name == nullptr || geofences.contains(name->value)) return;
    errors.push_back({argument.offset, "there is no geofence '" + name->value + "'",
                      MendOf(name->value, geofences)});
  });
}

}  // namespace fleet_edge::rules
