// What the status page is told, as JSON; agent/page/ shows it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/page/logbook.h"
#include "agent/page/status_page.h"
#include "agent/page/track.h"
#include "agent/pipeline/board.h"
#include "agent/status/view_json.h"
#include "agent/text/json.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/signal.h"
#include "core/time.h"
#include "rules/alert_source.h"
#include "rules/expr.h"
#include "rules/geodesy.h"
#include "rules/geofence.h"

namespace fleet_edge::agent {
namespace {

// A map of them is 300 pixels wide: of more than these nothing would be seen.
constexpr std::size_t kMostFences = 100;
constexpr std::size_t kMostCorners = 200;  // of a ring

std::int64_t Milliseconds(UtcTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

double MillisecondsBefore(UtcTime base, UtcTime time) {
  return static_cast<double>(std::chrono::round<std::chrono::milliseconds>(base - time).count());
}

/// Its unit, resolution and meaning, where the catalogue has it.
void AddSignal(const Series& series, JsonObject& json) {
  const Signal* const signal = series.catalogued;
  json.Add("name", series.name).Add("labels", series.labels);
  if (signal == nullptr) return;
  json.Add("unit", signal->unit)
      .Add("decimals", std::uint64_t{static_cast<unsigned>(signal->decimals)})
      .Add("about", signal->description);
}

void AddPoint(UtcTime base, const Board::Point& point, std::vector<double>& numbers) {
  numbers.push_back(MillisecondsBefore(base, point.time));
  numbers.push_back(point.value);
}

JsonObject SourceJson(const rules::AlertSource& source) {
  JsonObject json;
  json.Add("file", source.file)
      .Add("group", source.group)
      .Add("expr", source.expr)
      .Add("clear", source.clear)
      .Add("for_seconds", ToSeconds(source.hold));
  return json;
}

std::vector<JsonObject> BoundsJson(const Logbook::Story& story, std::string_view signal) {
  std::vector<JsonObject> bounds;
  for (const rules::AlertSource& source : story.sources) {
    for (const rules::Threshold& threshold : source.thresholds) {
      if (threshold.signal != signal) continue;
      bounds.emplace_back().Add("op", rules::ToString(threshold.op)).Add("value", threshold.value);
    }
  }
  return bounds;
}

JsonObject WindowJson(const Logbook::Window& window, UtcTime fired) {
  JsonObject json;
  AddSignal(*window.series, json);
  std::vector<double> points;
  for (const Board::Point& point : window.points) AddPoint(fired, point, points);
  json.Add("points", points);
  return json;
}

JsonObject StoryJson(const Logbook::Story& story) {
  JsonObject json = AlertJson(story.event);
  std::vector<JsonObject> windows;
  if (story.fired) {
    json.Add("fired", ToString(*story.fired));
    for (const Logbook::Window& window : story.windows) {
      windows.push_back(
          WindowJson(window, *story.fired).Add("bounds", BoundsJson(story, window.series->name)));
    }
  }
  json.Add("id", story.id).Add("rules", Each(story.sources, SourceJson)).Add("windows", windows);
  return json;
}

void AddPosition(const rules::GeoPosition& position, std::vector<double>& numbers) {
  numbers.push_back(position.latitude_deg);
  numbers.push_back(position.longitude_deg);
}

JsonObject RingJson(const rules::GeoRing& ring) {
  std::vector<double> corners;
  const std::size_t step = ring.points.size() / kMostCorners + 1;
  for (std::size_t i = 0; i < ring.points.size(); i += step) AddPosition(ring.points[i], corners);
  JsonObject json;
  json.Add("ring", corners);
  return json;
}

std::vector<JsonObject> FencesJson(const rules::Geofences& fences) {
  std::vector<JsonObject> all;
  for (const auto& [name, fence] : fences) {
    if (all.size() == kMostFences) break;
    std::vector<JsonObject> polygons;
    for (const rules::GeoPolygon& polygon : fence.polygons) {
      polygons.emplace_back().Add("rings", Each(polygon.Rings(), RingJson));
    }
    std::vector<JsonObject> circles;
    for (const rules::GeoCircle& circle : fence.circles) {
      std::vector<double> centre;
      AddPosition(circle.centre, centre);
      circles.emplace_back().Add("centre", centre).Add("radius_m", circle.radius_m);
    }
    all.emplace_back().Add("name", name).Add("polygons", polygons).Add("circles", circles);
  }
  return all;
}

std::vector<JsonObject> SeriesListJson(const AgentView& view) {
  std::vector<JsonObject> all;
  for (const Board::Shown& shown : view.board.series) {
    JsonObject& json = all.emplace_back();
    json.Add("id", std::uint64_t{shown.series->id});
    AddSignal(*shown.series, json);
    const std::size_t place = shown.driver;
    if (place > 0 && place <= view.drivers.size()) json.Add("driver", view.drivers[place - 1].name);
  }
  return all;
}

/// The view without what is told elsewhere or not at all.
JsonObject SlimViewJson(const AgentView& view) {
  AgentView slim = view;
  slim.counters.clear();
  slim.board.active.clear();
  slim.board.past.clear();
  return ViewJson(slim);
}

JsonObject CostsJson(const AgentView& view) {
  JsonObject json;
  json.Add("seconds", ToSeconds(view.now - view.started))
      .Add("sent_bytes", view.uplink.publisher.sent_bytes.count)
      .Add("written_bytes", view.uplink.outbox.written.count);
  return json;
}

}  // namespace

std::string PageNews::Tell(const AgentView& view, std::uint64_t revision) {
  std::vector<JsonObject> series;
  for (const Board::Shown& shown : view.board.series) {
    std::vector<double> points;
    UtcTime& told = told_[shown.series];
    const std::size_t size = shown.history.size();
    // The clock was set back: the history began anew.
    if (size > 0 && shown.history.at(size - 1).time < told) told = {};
    for (std::size_t i = 0; i < size; ++i) {
      const Board::Point& point = shown.history.at(i);
      if (point.time <= told) continue;
      AddPoint(view.now, point, points);
    }
    if (size > 0) told = shown.history.at(size - 1).time;
    JsonObject& json = series.emplace_back();
    json.Add("id", std::uint64_t{shown.series->id})
        .Add("value", shown.value)
        .Add("time", Milliseconds(shown.time));
    if (shown.quality != Quality::kGood) json.Add("quality", ToString(shown.quality));
    if (!points.empty()) json.Add("points", points);
  }
  JsonObject json;
  json.Add("revision", revision)
      .Add("time", Milliseconds(view.now))
      .Add("series", series)
      .Add("hidden_series", view.board.hidden_series)
      .Add("costs", CostsJson(view))
      .Add("view", SlimViewJson(view));
  return json.Text();
}

std::string PageJson(const AgentView& view, const Logbook::Notice& notes) {
  JsonObject alerts;
  alerts.Add("active", Each(notes.active, StoryJson)).Add("past", Each(notes.past, StoryJson));
  std::vector<double> track;
  for (const Track::Point& point : notes.track) AddPosition(point.position, track);
  JsonObject json;
  json.Add("revision", notes.revision)
      .Add("version", view.version)
      .Add("series", SeriesListJson(view))
      .Add("alerts", alerts)
      .Add("track", track)
      .Add("fences", FencesJson(notes.fences));
  return json.Text();
}

}  // namespace fleet_edge::agent
