#include "agent/page/logbook.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "agent/page/track.h"
#include "agent/pipeline/board.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {
namespace {

using rules::AlertState;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr UtcTime kStart{seconds{1'700'000'000}};

/// A board that is looked at each second.
struct World {
  SeriesRegistry registry;
  Board board{1};
  Logbook book;
  BootTime boot{seconds{1}};
  UtcTime now = kStart;

  World() {
    book.NoteRules({{"cargo.yaml", R"(groups:
- name: cargo
  rules:
  - {alert: Hot, expr: 'max by (zone) (avg_over_time(cargo_celsius[10s])) >= 45'}
  - {alert: Odd, expr: 'avg_over_time(cargo_celsius[3m]) >= 45'}
)"}});
  }

  void Read(const std::string& name, const Labels& labels, double value) {
    board.NoteReading(
        {.series = registry.Find(name, labels), .time = now, .value = value, .driver = 1}, boot);
  }

  /// A second of values, five of each zone.
  void Second(double value) {
    for (int i = 0; i < 5; ++i) {
      for (const char* const zone : {"1", "2"}) Read("cargo_celsius", {{"zone", zone}}, value);
      Read("fuel_percent", {}, 50);
      now += milliseconds{200};
    }
  }

  Logbook::Notice Look() {
    boot += Board::kPostEvery;
    board.Post(boot);
    book.NoteBoard(board.Look());
    return book.Look();
  }

  void Alert(const std::string& name, AlertState state, const Labels& labels) {
    rules::AlertEvent event;
    event.alert = name;
    event.state = state;
    event.at = now;
    event.active_since = kStart + seconds{5};
    event.labels = labels;
    board.NoteAlert(event);
  }
};

}  // namespace

TEST_CASE("Logbook: an alert is told with its rule and the values of its series before it fired") {
  World world;
  for (int second = 0; second < 30; ++second) {
    world.Second(40 + second);
    world.Look();
  }
  world.Alert("Hot", AlertState::kFiring, {{"zone", "2"}, {"severity", "warning"}});
  const UtcTime fired = world.now;
  const Logbook::Notice notice = world.Look();
  REQUIRE(notice.active.size() == 1);
  const Logbook::Story& story = notice.active[0];
  REQUIRE(story.sources.size() == 1);
  CHECK(story.sources[0].file == "cargo.yaml");
  CHECK(story.fired == fired);
  REQUIRE(story.windows.size() == 1);
  CHECK(story.windows[0].series->labels == Labels{{"zone", "2"}});
  const std::vector<Board::Point>& points = story.windows[0].points;
  REQUIRE(points.size() > 25);
  CHECK(points.front().time >= fired - seconds{12});
  CHECK(points.front().time <= fired - seconds{9});
  CHECK(points.back().value == 69);
}

TEST_CASE("Logbook: a long window goes back beyond what the board holds, in order") {
  World world;
  for (int second = 0; second < 120; ++second) {
    world.Second(second);
    world.Look();
  }
  world.Alert("Odd", AlertState::kFiring, {{"zone", "1"}});
  const Logbook::Notice notice = world.Look();
  REQUIRE(notice.active[0].windows.size() == 1);
  const std::vector<Board::Point>& points = notice.active[0].windows[0].points;
  CHECK(points.back().time - points.front().time >= seconds{110});
  for (std::size_t i = 1; i < points.size(); ++i) CHECK(points[i].time > points[i - 1].time);
}

TEST_CASE("Logbook: when the clock was set back, a long window holds what came after") {
  World world;
  for (const int value : {1, 2}) {
    for (int second = 0; second < 60; ++second) {
      world.Second(value);
      world.Look();
    }
    if (value == 1) world.now -= std::chrono::hours{1};
  }
  world.Alert("Odd", AlertState::kFiring, {{"zone", "1"}});
  const Logbook::Notice notice = world.Look();
  REQUIRE(notice.active[0].windows.size() == 1);
  const std::vector<Board::Point>& points = notice.active[0].windows[0].points;
  CHECK(points.back().time - points.front().time >= seconds{55});
  CHECK(std::ranges::all_of(points, [](const Board::Point& point) { return point.value == 2; }));
}

TEST_CASE("Logbook: what led to an alert and came late is news") {
  World world;
  world.Second(50);
  world.now += std::chrono::minutes{10};
  world.Alert("Hot", AlertState::kFiring, {{"zone", "1"}});
  const Logbook::Notice before = world.Look();
  REQUIRE(before.active.at(0).windows.empty());
  world.now -= seconds{5};
  world.Second(50);
  const Logbook::Notice notice = world.Look();
  CHECK(notice.active.at(0).windows.size() == 1);
  CHECK(notice.revision > before.revision);
}

TEST_CASE("Logbook: what led to an alert stays as it was when it fired, and goes with it") {
  World world;
  world.Second(50);
  world.Alert("Hot", AlertState::kPending, {{"zone", "1"}});
  Logbook::Notice notice = world.Look();
  CHECK_FALSE(notice.active[0].fired);
  CHECK(notice.active[0].windows.empty());
  const auto id = notice.active[0].id;
  world.Alert("Hot", AlertState::kFiring, {{"zone", "1"}});
  const auto before = notice.revision;
  notice = world.Look();
  CHECK(notice.revision > before);
  const auto points = notice.active[0].windows.at(0).points.size();
  world.Second(20);
  CHECK(world.Look().revision == notice.revision);
  world.Alert("Hot", AlertState::kResolved, {{"zone", "1"}});
  notice = world.Look();
  CHECK(notice.active.empty());
  REQUIRE(notice.past.size() == 1);
  CHECK(notice.past[0].id == id);
  CHECK(notice.past[0].windows.at(0).points.size() == points);
}

TEST_CASE("Logbook: an alert without series of its own has its rule alone") {
  World world;
  world.Second(50);
  world.Alert("Hot", AlertState::kFiring, {{"zone", "9"}});
  world.Alert("Gone", AlertState::kFiring, {});
  const Logbook::Notice notice = world.Look();
  REQUIRE(notice.active.size() == 2);
  CHECK(notice.active[0].windows.empty());
  CHECK(notice.active[1].sources.empty());
}

TEST_CASE("Logbook: a position is noted when latitude and longitude are of one moment") {
  World world;
  world.Read("latitude_deg", {}, 48);
  CHECK(world.Look().track.empty());
  world.Read("longitude_deg", {}, 11);
  CHECK(world.Look().track.size() == 1);
  world.now += seconds{1};
  world.Read("latitude_deg", {}, 48.1);
  CHECK(world.Look().track.size() == 1);
}

TEST_CASE("Track: a vehicle at rest leaves one point, and a long way ends in few") {
  Track track;
  const UtcTime time{seconds{1}};
  for (int i = 0; i < 100; ++i) track.Add({time, {48, 11 + (i % 2) * 1e-6}});
  CHECK(track.points().size() == 1);
  for (int i = 0; i < 100'000; ++i) track.Add({time, {48 + i * 1e-4, 11}});
  CHECK(track.points().size() <= Track::kPoints);
  CHECK(track.points().size() >= Track::kPoints / 2);
  CHECK(track.points().front().position.latitude_deg == 48);
  CHECK(track.points().back().position.latitude_deg > 57.9);
}

}  // namespace fleet_edge::agent
