#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/series.h"
#include "rules/engine.h"
#include "rules/expression_error.h"
#include "rules/parser.h"
#include "rules/rule_text.h"
#include "rules/type_check.h"
#include "tests/rules/expression_world.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kDepot = R"({"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"name": "depot"}, "geometry": {"type": "Polygon",
   "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]]}},
  {"type": "Feature", "properties": {"name": "port", "radius_m": 1000},
   "geometry": {"type": "Point", "coordinates": [8, 53]}}]})";

constexpr std::string_view kInside = "geofence_inside(\"depot\")";

/// A world with fixes.
class Trip : public ExpressionWorld {
 public:
  Trip() { Geofences(kDepot); }

  Trip& Fix(double seconds, double latitude, double longitude, const Labels& labels = {}) {
    Sample("latitude_deg", labels, seconds, latitude);
    Sample("longitude_deg", labels, seconds, longitude);
    return *this;
  }
};

std::string TypeErrorOf(std::string_view text) {
  const std::vector<ExpressionError> errors = CheckTypes(*ParseExpression(text));
  return errors.empty() ? "" : errors.front().what;
}

}  // namespace

TEST_CASE("Geofence functions: inside is 1 or 0, the distance in metres") {
  Trip trip;
  trip.Fix(1, 50.5, 10.5).Fix(2, 50.5, 9.9);
  CHECK(trip.Evaluate(kInside, 1) == Texts{" 1"});
  CHECK(trip.Evaluate(kInside, 2) == Texts{" 0"});
  CHECK(trip.Value("geofence_distance_m(\"depot\")", 1) == 0);
  CHECK(trip.Value("geofence_distance_m(\"depot\")", 2) == doctest::Approx(7094.9).epsilon(1e-4));
  CHECK(trip.Value("geofence_distance_m('port')", 2) > 300'000);
}

TEST_CASE("Geofence functions: without a position there is no element") {
  Trip trip;
  CHECK(trip.Evaluate(kInside, 1).empty());
  trip.Fix(1, 50.5, 10.5);
  CHECK(trip.Evaluate(kInside, 30.5) == Texts{" 1"});
  CHECK(trip.Evaluate(kInside, 31).empty());  // the lookback is 30 s, open on the left
  trip.Sample("latitude_deg", {}, 40, 50.5);
  CHECK(trip.Evaluate(kInside, 40).empty());
  trip.Fix(50, 50.5, 10.5).Ends("longitude_deg", {}, 51);
  CHECK(trip.Evaluate(kInside, 50) == Texts{" 1"});
  CHECK(trip.Evaluate(kInside, 51).empty());
}

TEST_CASE("Geofence functions: both halves are of one fix") {
  Trip trip;
  trip.Fix(1, 50.5, 10.5).Sample("latitude_deg", {}, 2, 60).Sample("longitude_deg", {}, 3, 60);
  // Each half lacks the other: the newest whole fix holds.
  CHECK(trip.Evaluate(kInside, 3) == Texts{" 1"});
  trip.Sample("latitude_deg", {}, 3.5, 60);
  CHECK(trip.Evaluate(kInside, 4) == Texts{" 0"});
}

TEST_CASE("Geofence functions: each receiver by its labels; what is no place is none") {
  Trip trip;
  trip.Fix(1, 50.5, 10.5, {{"receiver", "a"}}).Fix(1, 0, 0, {{"receiver", "b"}});
  trip.Fix(1, 95, 10.5, {{"receiver", "c"}}).Fix(1, 50.5, HUGE_VAL, {{"receiver", "d"}});
  trip.Sample("latitude_deg", {{"receiver", "e"}}, 1, 50.5);
  CHECK(trip.Evaluate(kInside, 1) == Texts{"{receiver=\"a\"} 1", "{receiver=\"b\"} 0"});
  CHECK(trip.Evaluate("count(geofence_inside('depot') == 1)", 1) == Texts{" 1"});
}

TEST_CASE("Travelled distance: kilometres over a range") {
  Trip trip;
  CHECK(trip.Evaluate("distance_km_over_time(1m)", 60).empty());
  // 27.8 m a second to the north.
  for (int second = 1; second <= 100; ++second) trip.Fix(second, 50 + second * 0.00025, 10);
  CHECK(trip.Value("distance_km_over_time(1m)", 100) == doctest::Approx(59 * 0.0278).epsilon(1e-3));
  CHECK(trip.Value("distance_km_over_time(3600)", 100) ==
        doctest::Approx(99 * 0.0278).epsilon(1e-3));
  CHECK(trip.Evaluate("distance_km_over_time(1s)", 100) == Texts{" 0"});
  CHECK(trip.Evaluate("distance_km_over_time(1m)", 160).empty());
}

TEST_CASE("Travelled distance: halves of fixes without the other are left out") {
  Trip trip;
  for (int second = 1; second <= 100; ++second) {
    trip.Sample("latitude_deg", {}, second, 50 + second * 0.00025);
    if (second % 3 == 0) trip.Sample("longitude_deg", {}, second + 0.2, 10);
  }
  CHECK(trip.Value("distance_km_over_time(1m)", 100) == doctest::Approx(57 * 0.0278).epsilon(1e-3));
}

TEST_CASE("Position functions: their arguments are literals") {
  CHECK(TypeErrorOf("distance_km_over_time(1h) > 5").empty());
  constexpr std::string_view kDuration =
      "'distance_km_over_time' takes a duration of its own, up to 366d";
  CHECK(TypeErrorOf("distance_km_over_time(1h + 1h)") == kDuration);
  CHECK(TypeErrorOf("distance_km_over_time(0)") == kDuration);
  CHECK(TypeErrorOf("distance_km_over_time(-5)") == kDuration);
  CHECK(TypeErrorOf("distance_km_over_time(NaN)") == kDuration);
  CHECK(TypeErrorOf("distance_km_over_time(367d)") == kDuration);
  CHECK_FALSE(TypeErrorOf("geofence_inside(1)").empty());
  CHECK_FALSE(TypeErrorOf("geofence_inside()").empty());
}

TEST_CASE("Engine: geofences come with the rules; an unknown one is refused with the nearest") {
  SeriesRegistry registry;
  Engine engine(registry, {});
  const RuleText places{"places.geojson", std::string(kDepot)};
  const auto rules = [](std::string_view expr) {
    return RuleText{"r.yaml", "groups:\n- name: g\n  interval: 1s\n  lateness: 0s\n  rules:\n" +
                                  std::string("  - {alert: A, expr: '") + std::string(expr) +
                                  "'}\n"};
  };
  const auto findings = [&](const std::vector<RuleText>& files) {
    Texts texts;
    for (const Diagnostic& finding : engine.Load(files)) texts.push_back(ToString(finding));
    return texts;
  };
  CHECK(findings({rules("geofence_inside(\"depo\") == 1"), places}) ==
        Texts{"r.yaml:6:39: error: there is no geofence 'depo'. There is 'depot', in "
              "places.geojson"});
  CHECK(
      findings({rules("geofence_inside(\"x\") == 1")}) ==
      Texts{"r.yaml:6:39: error: there is no geofence 'x'. Put its GeoJSON beside the rules, in a "
            "file *.geojson"});
  CHECK(findings({rules("up"), {"bad.geojson", "{}"}}).size() == 1);
  REQUIRE(findings({rules("geofence_inside(\"depot\") == 1"), places}).empty());
  Changes changes;
  engine.AdvanceTo(At(0), changes);
  engine.Add({registry.Find("latitude_deg", {}), At(1), 50.5, Quality::kGood});
  engine.Add({registry.Find("longitude_deg", {}), At(1), 10.5, Quality::kGood});
  engine.AdvanceTo(At(1), changes);
  REQUIRE(changes.alerts.size() == 1);
  CHECK(changes.alerts.front().alert == "A");
}

}  // namespace fleet_edge::rules
