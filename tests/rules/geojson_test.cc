#include "rules/geojson.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "rules/geofence.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

/// What is wrong with `text`, as `line:column what`.
Texts FindingsOf(std::string_view text, Geofences& geofences) {
  Diagnostics diagnostics;
  ReadGeoJson({"places.geojson", std::string(text)}, geofences, diagnostics);
  Texts texts;
  for (const Diagnostic& diagnostic : diagnostics) {
    CHECK(diagnostic.file == "places.geojson");
    CHECK_FALSE(diagnostic.mend.empty());
    texts.push_back(std::to_string(diagnostic.position.line) + ":" +
                    std::to_string(diagnostic.position.column) + " " + diagnostic.what);
  }
  return texts;
}

Texts FindingsOf(std::string_view text) {
  Geofences geofences;
  return FindingsOf(text, geofences);
}

std::string Collection(const std::vector<std::string>& features) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t i = 0; i < features.size(); ++i) text += (i == 0 ? "\n" : ",\n") + features[i];
  return text + "\n]}";
}

std::string Feature(std::string_view name, std::string_view geometry,
                    std::string_view properties = "") {
  return R"({"type":"Feature","properties":{"name":")" + std::string(name) + "\"" +
         std::string(properties) + R"(},"geometry":)" + std::string(geometry) + "}";
}

std::string Polygon(std::string_view rings) {
  return R"({"type":"Polygon","coordinates":[)" + std::string(rings) + "]}";
}

constexpr std::string_view kSquare = "[[10,50],[11,50],[11,51],[10,51],[10,50]]";
constexpr std::string_view kHole = "[[10.4,50.4],[10.4,50.6],[10.6,50.6],[10.4,50.4]]";

}  // namespace

TEST_CASE("GeoJson: polygons, multipolygons and circles; one name is one place") {
  const std::string text = Collection(
      {Feature("depot", Polygon(std::string(kSquare) + "," + std::string(kHole))),
       Feature("zones", R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],)"
                        R"([[[5,5,120.5],[6,5,0],[6,6,0],[5,5,120.5]]]]})"),
       Feature("depot", R"({"type":"Point","coordinates":[9,48]})", R"(,"radius_m":500)")});
  Geofences geofences;
  CHECK(FindingsOf("\xef\xbb\xbf" + text, geofences).empty());
  REQUIRE(geofences.size() == 2);
  CHECK(geofences.at("depot").file == "places.geojson");
  CHECK(geofences.at("depot").Contains({50.2, 10.2}));
  CHECK_FALSE(geofences.at("depot").Contains({50.5, 10.45}));
  CHECK(geofences.at("depot").Contains({48.001, 9}));
  CHECK(geofences.at("zones").Contains({0.2, 0.8}));
  CHECK(geofences.at("zones").Contains({5.2, 5.8}));
  CHECK(FindingsOf(Feature("alone", Polygon(kSquare)), geofences).empty());
  CHECK(geofences.at("alone").Contains({50.5, 10.5}));
}

TEST_CASE("GeoJson: all that is wrong is told at once, with its place") {
  const std::string point = R"({"type":"Point","coordinates":[9,48]})";
  const std::string text =
      Collection({Feature("a", R"({"type":"LineString","coordinates":[[0,0],[1,1]]})"),
                  Feature("b", Polygon("[[10,50],[11,50],[11,51],[10,51]]")),
                  Feature("c", Polygon("[[48,9],[48,121.5],[49,9],[48,9]]")),
                  Feature("d", Polygon("[[179,0],[181,0],[181,1],[179,0]]")),
                  Feature("e", Polygon("[[179,0],[-179,0],[-179,1],[179,0]]")),
                  Feature("f", Polygon("[[0,0],[1,1],[0,0]]")),
                  Feature("g", Polygon("[[0,0],[1,1],[2,2],[0,0]]")), Feature("h", point),
                  Feature("i", point, R"(,"radius_m":-1)"), Feature("", point, R"(,"radius_m":1)"),
                  R"({"type":"Feature","properties":null,"geometry":null})",
                  R"({"type":"Feature","properties":{"name":"j"},"geometry":null})", "3",
                  Feature("k", Polygon(R"([[0,0],["1",1],[2,2],[0,0]])"))});
  CHECK(FindingsOf(text) ==
        Texts{"2:64 a geometry of type 'LineString' encloses no area",
              "3:89 the ring is not closed: it begins at [10, 50] and ends at [10, 51]",
              "4:97 [48, 121.5] has a latitude beyond 90 degrees",
              "5:98 [181, 0] has a longitude beyond 180 degrees",
              "6:98 a line spans more than half of the globe",
              "7:89 a ring has 4 positions at least, the last like the first",
              "8:89 the ring encloses nothing",
              "9:32 a Point is a circle by properties.radius_m, more than 0 and at most 1,000,000",
              "10:55 a Point is a circle by properties.radius_m, more than 0 and at most 1,000,000",
              "11:1 the feature has no name, so no rule can ask for it",
              "12:1 the feature has no name, so no rule can ask for it",
              "13:1 the feature has no geometry", "14:1 this is no Feature",
              "15:96 a position is [longitude, latitude] in degrees"});
}

TEST_CASE("GeoJson: an id stands once") {
  const auto with_id = [](std::string_view id) {
    return R"({"id":)" + std::string(id) + "," + Feature("a", Polygon(kSquare)).substr(1);
  };
  CHECK(FindingsOf(Collection({with_id("7"), with_id("\"7\""), with_id("8")})).empty());
  CHECK(FindingsOf(Collection({with_id("7"), with_id("7"), with_id("[]")})) ==
        Texts{"3:7 a feature before has the id 7 too", "4:7 an id is a text or a number"});
}

TEST_CASE("GeoJson: what is no JSON is told with its place") {
  const Texts broken = FindingsOf("{\"type\": \"Feature\",\n \"properties\": {name: 1}}");
  REQUIRE(broken.size() == 1);
  CHECK(broken.front().starts_with("2:17 this is no JSON: "));
  CHECK(FindingsOf("").size() == 1);
  CHECK(FindingsOf("[1, 2").front().starts_with("1:6 this is no JSON: "));
  CHECK(FindingsOf(R"({"type":"Feature"} x)").front().starts_with("1:20 this is no JSON: "));
  CHECK(FindingsOf("[1]") == Texts{"1:1 this is no GeoJSON with features"});
  CHECK(FindingsOf(R"({"type":"Polygon","coordinates":[]})") ==
        Texts{"1:1 this is no GeoJSON with features"});
}

TEST_CASE("GeoJson: depth, size and findings are bounded") {
  CHECK(FindingsOf(std::string(1'000'000, '[')).size() == 1);
  CHECK(FindingsOf(std::string((16 << 20) + 1, ' ')) ==
        Texts{"0:0 the file is larger than 16 MiB"});
  std::string ring = "[";
  for (int i = 0; i <= 100'000; ++i) ring += "[0," + std::to_string(i % 90) + "],";
  CHECK(FindingsOf(Feature("a", Polygon(ring + "[0,0]]")))
            .front()
            .ends_with("the file has more than 100,000 positions"));
  CHECK(FindingsOf(Collection(std::vector<std::string>(1000, "{}"))).size() == 20);
}

}  // namespace fleet_edge::rules
