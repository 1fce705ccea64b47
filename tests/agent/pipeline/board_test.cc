#include "agent/pipeline/board.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>

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

struct World {
  SeriesRegistry series;
  Board board{2};
  BootTime now{seconds{100}};

  void Read(double value, Quality quality = Quality::kGood, Duration after = Duration{0}) {
    board.NoteReading({.series = series.Find("engine_coolant_celsius", {}),
                       .time = UtcTime{seconds{1000} + after},
                       .value = value,
                       .quality = quality,
                       .driver = 2},
                      now);
  }

  void Alert(AlertState state, const std::string& zone = "1") {
    rules::AlertEvent event;
    event.alert = "Hot";
    event.state = state;
    event.labels = {{"zone", zone}};
    board.NoteAlert(event);
  }

  Board::Notice Posted() {
    now += Board::kPostEvery;
    board.Post(now);
    return board.Look();
  }
};

TEST_CASE("Board: the last value stays when its source falls silent, and says so") {
  World world;
  world.Read(90);
  world.Read(0, Quality::kStale);
  const Board::Notice notice = world.Posted();
  REQUIRE(notice.series.size() == 1);
  CHECK(notice.series[0].value == 90);
  CHECK(notice.series[0].quality == Quality::kStale);
  CHECK(notice.series[0].driver == 2);
}

TEST_CASE("Board: who looks before the first post finds every driver unheard") {
  const Board::Notice notice = World().board.Look();
  REQUIRE(notice.heard.size() == 2);
  CHECK_FALSE(notice.heard[0]);
}

TEST_CASE("Board: a driver is heard by what it measures, not by what it misses") {
  World world;
  world.Read(90);
  world.now += seconds{5};
  world.Read(0, Quality::kStale);
  const Board::Notice notice = world.Posted();
  CHECK_FALSE(notice.heard[0]);
  CHECK(notice.heard[1] == BootTime{seconds{100}});
}

TEST_CASE("Board: the history is of good values, spaced, and ten seconds long at ten a second") {
  World world;
  world.Read(500, Quality::kOutOfRange);
  for (int i = 0; i < 300; ++i) world.Read(i, Quality::kGood, i * milliseconds{100});
  const Board::History history = world.Posted().series[0].history;
  REQUIRE(history.size() == Board::History::kPoints);
  const Board::Point& last = history.at(history.size() - 1);
  CHECK(last.time - history.at(0).time >= seconds{10});
  CHECK(last.value == 297);
  for (std::size_t i = 1; i < history.size(); ++i) {
    CHECK(history.at(i).time - history.at(i - 1).time >= Board::History::kSpacing);
  }
}

TEST_CASE("Board: an alert is active until it is resolved, and past then") {
  World world;
  world.Alert(AlertState::kPending);
  world.Alert(AlertState::kPending, "2");
  world.Alert(AlertState::kFiring);
  world.Alert(AlertState::kInactive, "2");
  Board::Notice notice = world.Posted();
  REQUIRE(notice.active.size() == 1);
  CHECK(notice.active[0].state == AlertState::kFiring);
  CHECK(notice.past.empty());
  world.Alert(AlertState::kResolved);
  notice = world.Posted();
  CHECK(notice.active.empty());
  CHECK(notice.past.size() == 1);
}

TEST_CASE("Board: a driver is heard at once with its first reading") {
  World world;
  world.Posted();
  world.Read(90);
  world.board.Post(world.now + milliseconds{1});
  CHECK(world.board.Look().heard[1] == world.now);
  CHECK(world.board.Look().series.size() == 1);
}

TEST_CASE("Board: an alert is shown at once, further readings twice a second") {
  World world;
  world.Read(80);
  world.Posted();
  world.Read(90);
  world.board.Post(world.now + milliseconds{1});
  CHECK(world.board.Look().series[0].value == 80);
  world.Alert(AlertState::kFiring);
  world.board.Post(world.now + milliseconds{2});
  CHECK(world.board.Look().series[0].value == 90);
  CHECK(world.board.Look().active.size() == 1);
}

TEST_CASE("Board: beyond its bounds it counts") {
  World world;
  for (std::size_t i = 0; i < Board::kMaxSeries + 3; ++i) {
    const Series* const series = world.series.Find("load", {{"n", std::to_string(i)}});
    const Reading reading{.series = series, .time = UtcTime{seconds{1000}}};
    for (int twice = 0; twice < 2; ++twice) world.board.NoteReading(reading, world.now);
  }
  for (std::size_t i = 0; i < Board::kMaxActive + 2; ++i) {
    world.Alert(AlertState::kFiring, std::to_string(i));
    world.Alert(AlertState::kResolved, "old");
  }
  const Board::Notice notice = world.Posted();
  CHECK(notice.series.size() == Board::kMaxSeries);
  CHECK(notice.hidden_series == 3);
  CHECK(notice.active.size() == Board::kMaxActive);
  CHECK(notice.hidden_alerts == 2);
  CHECK(notice.past.size() == Board::kMaxPast);
}

}  // namespace
}  // namespace fleet_edge::agent
