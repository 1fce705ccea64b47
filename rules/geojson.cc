#include "rules/geojson.h"

#include <simdjson.h>

#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "rules/geodesy.h"
#include "rules/geofence.h"
#include "rules/go_format.h"
#include "rules/json_position.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kLongestFile = 16U << 20U;
constexpr std::size_t kMostPositions = 100'000;
constexpr std::size_t kMostFindings = 20;
constexpr double kLargestRadiusM = 1'000'000;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// The value at `key`, nothing when there is none of that type.
template <typename T>
std::optional<T> Get(const dom::element& object, std::string_view key) {
  T value;
  if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string Sub(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

std::string ToText(const dom::element& element) { return simdjson::minify(element); }

std::string ToText(GeoPosition position) {
  return "[" + ToGoText(position.longitude_deg) + ", " + ToGoText(position.latitude_deg) + "]";
}

/// Twice the area that a ring goes round, in square degrees.
double TwiceArea(const std::vector<GeoPosition>& points) {
  double area = 0;
  const GeoPosition base = points.front();
  for (std::size_t i = 1; i < points.size(); ++i) {
    area += (points[i - 1].longitude_deg - base.longitude_deg) *
                (points[i].latitude_deg - base.latitude_deg) -
            (points[i].longitude_deg - base.longitude_deg) *
                (points[i - 1].latitude_deg - base.latitude_deg);
  }
  return area;
}

/// One pass over one file. A `pointer` says where in it something stands (RFC 6901).
class Reader {
 public:
  Reader(const RuleText& source, Geofences& geofences, Diagnostics& diagnostics)
      : file_(source.file), text_(source.text), geofences_(geofences), diagnostics_(diagnostics) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  void Read() {
    if (text_.size() > kLongestFile) {
      return FailAt({}, "the file is larger than 16 MiB", "Simplify its lines or split it");
    }
    dom::parser parser;
    dom::element root;
    const simdjson::error_code error = parser.parse(text_.data(), text_.size()).get(root);
    if (error != simdjson::SUCCESS) {
      return FailAt(PositionOfJsonError(text_),
                    "this is no JSON: " + std::string(simdjson::error_message(error)),
                    "Export the geofences as GeoJSON");
    }
    const auto type = Get<std::string_view>(root, "type");
    if (type == "Feature") return ReadFeature(root, "");
    const auto features = Get<dom::array>(root, "features");
    if (type != "FeatureCollection" || !features) {
      return Fail("", "this is no GeoJSON with features",
                  R"(Make it {"type": "FeatureCollection", "features": […]})");
    }
    std::size_t index = 0;
    for (const dom::element feature : *features) ReadFeature(feature, Sub("/features", index++));
  }

 private:
  void FailAt(Position position, std::string what, std::string mend) {
    if (++findings_ > kMostFindings) return;
    diagnostics_.push_back(
        {.file = file_, .position = position, .what = std::move(what), .mend = std::move(mend)});
  }

  void Fail(const std::string& pointer, std::string what, std::string mend) {
    if (findings_ >= kMostFindings) return;  // looking for its place costs time
    FailAt(PositionInJson(text_, pointer), std::move(what), std::move(mend));
  }

  void ReadFeature(const dom::element& feature, const std::string& pointer) {
    if (Get<std::string_view>(feature, "type") != "Feature") {
      return Fail(pointer, "this is no Feature",
                  R"(Make it {"type": "Feature", "properties": {"name": …}, "geometry": …})");
    }
    CheckId(feature, pointer);
    dom::element properties;
    std::string name;
    if (feature["properties"].get(properties) == simdjson::SUCCESS) {
      name = Get<std::string_view>(properties, "name").value_or("");
    }
    if (name.empty()) {
      return Fail(pointer, "the feature has no name, so no rule can ask for it",
                  R"(Add "properties": {"name": "…"})");
    }
    Geofence& geofence = geofences_[name];
    if (geofence.file.empty()) geofence.file = file_;
    ReadGeometry(feature, properties, pointer, geofence);
  }

  /// RFC 7946 § 3.2: an id identifies the feature.
  void CheckId(const dom::element& feature, const std::string& pointer) {
    dom::element id;
    if (feature["id"].get(id) != simdjson::SUCCESS) return;
    if (!id.is_string() && !id.is_number()) {
      Fail(pointer + "/id", "an id is a text or a number", "Remove it");
    } else if (!ids_.insert(ToText(id)).second) {
      Fail(pointer + "/id", "a feature before has the id " + ToText(id) + " too",
           "Remove one of them, or its id");
    }
  }

  void ReadGeometry(const dom::element& feature, const dom::element& properties,
                    const std::string& pointer, Geofence& geofence) {
    dom::element geometry;
    dom::element coordinates;
    const std::string at = pointer + "/geometry/coordinates";
    const bool has_geometry = feature["geometry"].get(geometry) == simdjson::SUCCESS;
    const auto type =
        has_geometry ? Get<std::string_view>(geometry, "type") : std::optional<std::string_view>{};
    if (!type) {
      return Fail(pointer, "the feature has no geometry", "Draw it, or remove the feature");
    }
    if (type != "Polygon" && type != "MultiPolygon" && type != "Point") {
      return Fail(pointer + "/geometry/type",
                  "a geometry of type '" + std::string(*type) + "' encloses no area",
                  "Draw a Polygon, a MultiPolygon, or a Point with properties.radius_m");
    }
    if (geometry["coordinates"].get(coordinates) != simdjson::SUCCESS) {
      return Fail(pointer + "/geometry", "the geometry has no coordinates", "Draw it anew");
    }
    if (type == "Point") return ReadCircle(coordinates, properties, pointer, geofence);
    if (type == "Polygon") return ReadPolygon(coordinates, at, geofence);
    dom::array polygons;
    if (coordinates.get(polygons) != simdjson::SUCCESS || polygons.size() == 0) {
      return Fail(at, "a MultiPolygon is a list of polygons", "Draw it anew");
    }
    std::size_t index = 0;
    for (const dom::element polygon : polygons) ReadPolygon(polygon, Sub(at, index++), geofence);
  }

  void ReadCircle(const dom::element& coordinates, const dom::element& properties,
                  const std::string& pointer, Geofence& geofence) {
    const auto radius_m = Get<double>(properties, "radius_m");
    if (!radius_m || !(*radius_m > 0 && *radius_m <= kLargestRadiusM)) {
      return Fail(pointer + "/properties/radius_m",
                  "a Point is a circle by properties.radius_m, more than 0 and at most 1,000,000",
                  "Add it, or draw a Polygon");
    }
    const auto centre = ReadPosition(coordinates, pointer + "/geometry/coordinates");
    if (centre) geofence.circles.push_back({*centre, *radius_m});
  }

  void ReadPolygon(const dom::element& element, const std::string& pointer, Geofence& geofence) {
    dom::array array;
    if (element.get(array) != simdjson::SUCCESS || array.size() == 0) {
      return Fail(pointer, "a polygon is a list of rings, the outer one first", "Draw it anew");
    }
    std::vector<GeoRing> rings;
    bool complete = true;
    std::size_t index = 0;
    for (const dom::element ring : array) {
      std::optional<GeoRing> points = ReadRing(ring, Sub(pointer, index++));
      complete = complete && points.has_value();
      if (complete) rings.push_back(std::move(*points));
    }
    if (complete) geofence.polygons.emplace_back(std::move(rings));
  }

  /// Tells the first thing that is wrong with it.
  std::optional<GeoRing> ReadRing(const dom::element& element, const std::string& pointer) {
    const auto fail = [&](const std::string& at, std::string what, std::string mend) {
      Fail(at, std::move(what), std::move(mend));
      return std::nullopt;
    };
    dom::array array;
    if (element.get(array) != simdjson::SUCCESS) {
      return fail(pointer, "a ring is a list of positions", "Write [[longitude, latitude], …]");
    }
    GeoRing ring;
    for (const dom::element item : array) {
      const std::string at = Sub(pointer, ring.points.size());
      if (++positions_ > kMostPositions) {
        return fail(at, "the file has more than 100,000 positions", "Simplify its lines");
      }
      const auto position = ReadPosition(item, at);
      if (!position) return std::nullopt;
      if (!ring.points.empty() &&
          std::abs(position->longitude_deg - ring.points.back().longitude_deg) > 180) {
        return fail(at, "a line spans more than half of the globe",
                    "Cut what crosses the antimeridian there, into a MultiPolygon");
      }
      ring.points.push_back(*position);
    }
    const std::vector<GeoPosition>& points = ring.points;
    if (points.size() < 4) {
      return fail(pointer, "a ring has 4 positions at least, the last like the first",
                  "Draw a closed line");
    }
    if (points.front() != points.back()) {
      return fail(pointer,
                  "the ring is not closed: it begins at " + ToText(points.front()) +
                      " and ends at " + ToText(points.back()),
                  "Repeat its first position at its end");
    }
    if (TwiceArea(points) == 0) return fail(pointer, "the ring encloses nothing", "Draw it anew");
    return ring;
  }

  std::optional<GeoPosition> ReadPosition(const dom::element& element, const std::string& pointer) {
    dom::array array;
    GeoPosition position;
    if (element.get(array) != simdjson::SUCCESS || array.size() < 2 ||
        array.at(0).get(position.longitude_deg) != simdjson::SUCCESS ||
        array.at(1).get(position.latitude_deg) != simdjson::SUCCESS) {
      Fail(pointer, "a position is [longitude, latitude] in degrees", "Write two numbers");
      return std::nullopt;
    }
    if (std::abs(position.latitude_deg) > 90) {
      Fail(pointer, ToText(position) + " has a latitude beyond 90 degrees",
           "Write the longitude first, then the latitude, in degrees of WGS84");
      return std::nullopt;
    }
    if (std::abs(position.longitude_deg) > 180) {
      Fail(pointer, ToText(position) + " has a longitude beyond 180 degrees",
           "Cut what crosses the antimeridian there, into a MultiPolygon");
      return std::nullopt;
    }
    return position;
  }

  const std::string& file_;
  std::string_view text_;
  Geofences& geofences_;
  Diagnostics& diagnostics_;
  std::set<std::string> ids_;
  std::size_t positions_ = 0;
  std::size_t findings_ = 0;
};

}  // namespace

void ReadGeoJson(const RuleText& source, Geofences& geofences, Diagnostics& diagnostics) {
  Reader(source, geofences, diagnostics).Read();
}

Geofences ReadGeofences(const std::vector<RuleText>& files, Diagnostics& diagnostics) {
  Geofences geofences;
  for (const RuleText& file : files) {
    if (file.has_geofences()) ReadGeoJson(file, geofences, diagnostics);
  }
  return geofences;
}

}  // namespace fleet_edge::rules
