#include "agent/page/status_page.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "agent/page/logbook.h"
#include "agent/pipeline/board.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct World {
  SeriesRegistry registry;
  Board board{1};
  Logbook book;
  BootTime boot{seconds{1}};
  UtcTime now{seconds{1'700'000'000}};

  void Read(double value, Quality quality = Quality::kGood) {
    now += milliseconds{250};
    board.NoteReading({.series = registry.Find("cargo_celsius", {{"zone", "</script>\"1"}}),
                       .time = now,
                       .value = value,
                       .quality = quality,
                       .driver = 1},
                      boot);
  }

  AgentView View() {
    boot += Board::kPostEvery;
    board.Post(boot);
    AgentView view{.vehicle = "tanker-1", .now = now, .boot = boot, .board = board.Look()};
    view.drivers.resize(1);
    view.drivers[0].name = "sensors";
    book.NoteBoard(view.board);
    return view;
  }
};

}  // namespace

TEST_CASE("Status page: its files are small, whole, and ask for nothing of elsewhere") {
  std::size_t bytes = 0;
  for (const PageFile& file : PageFiles()) {
    bytes += file.text.size();
    CHECK(file.text.size() > 100);
    CHECK_FALSE(Has(file.text, "https://"));
    CHECK_FALSE(Has(file.text, "innerHTML"));
    CHECK_FALSE(Has(file.text, " style="));
  }
  CHECK(bytes < 46'000);
  CHECK(PageFiles()[0].path == "/");
  CHECK(PageFiles()[0].type == "text/html; charset=utf-8");
}

TEST_CASE("Status page: each point is told once, with its age") {
  World world;
  world.Read(20);
  world.Read(21);
  PageNews news;
  CHECK(Has(news.Tell(world.View(), 1), R"("points":[250,20,0,21])"));
  world.Read(22);
  CHECK(Has(news.Tell(world.View(), 1), R"("points":[0,22])"));
  CHECK_FALSE(Has(news.Tell(world.View(), 1), "points"));
}

TEST_CASE("Status page: when the clock was set back, points are told as before") {
  World world;
  world.Read(20);
  PageNews news;
  news.Tell(world.View(), 1);
  world.now -= std::chrono::hours{1};
  world.Read(21);
  CHECK(Has(news.Tell(world.View(), 1), R"("points":[0,21])"));
  CHECK_FALSE(Has(news.Tell(world.View(), 1), "points"));
}

TEST_CASE("Status page: a value that is not good says why") {
  World world;
  world.Read(20);
  PageNews news;
  CHECK_FALSE(Has(news.Tell(world.View(), 1), "quality\":"));
  world.Read(0, Quality::kStale);
  CHECK(Has(news.Tell(world.View(), 1), R"("quality":"stale")"));
}

TEST_CASE("Status page: it begins with series, alerts and geofences, labels as they are") {
  World world;
  world.book.NoteRules(
      {{"a.yaml", R"(groups:
- name: g
  rules:
  - {alert: Hot, expr: cargo_celsius >= 45}
)"},
       {"zones.geojson", R"({"type":"Feature","properties":{"name":"depot","radius_m":100},)"
                         R"("geometry":{"type":"Point","coordinates":[11,48]}})"}});
  for (int i = 0; i < 20; ++i) world.Read(50);
  rules::AlertEvent event;
  event.alert = "Hot";
  event.state = rules::AlertState::kFiring;
  event.at = world.now;
  world.board.NoteAlert(event);
  const AgentView view = world.View();
  const std::string json = PageJson(view, world.book.Look());
  CHECK(Has(json, R"("labels":{"zone":"</script>\"1"},"unit":"°C","decimals":1)"));
  CHECK(Has(json, R"("driver":"sensors")"));
  CHECK(Has(json, R"("name":"depot","polygons":[],"circles":[{"centre":[48,11],"radius_m":100}])"));
  CHECK(Has(json, R"("expr":"cargo_celsius >= 45")"));
  CHECK(Has(json, R"("bounds":[{"op":">=","value":45}])"));
}

}  // namespace fleet_edge::agent
