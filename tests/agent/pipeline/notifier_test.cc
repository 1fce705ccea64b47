#include "agent/pipeline/notifier.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/pipeline/display.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {
namespace {

using rules::AlertEvent;
using rules::AlertState;
using std::chrono::seconds;

/// Remembers what stands on it, as a broker keeps retained messages.
class FakeDisplay : public Display {
 public:
  bool Put(const std::string& topic, const std::string& payload) override {
    if (!takes) return false;
    if (payload.empty()) {
      shown.erase(topic);
    } else {
      shown[topic] = payload;
    }
    return true;
  }

  std::map<std::string, std::string> shown;
  bool takes = true;
};

struct World {
  HandClock clock;
  Counters counters;
  FakeDisplay display;
  Notifier notifier{
      {.topic = "cab/alerts", .vehicle_labels = {{"vehicle", "cab-7"}, {"fleet", "north"}}},
      display,
      counters,
      clock};

  AlertEvent Event(AlertState state) const {
    return {.alert = "CargoOverheat",
            .state = state,
            .at = clock.Now(),
            .active_since = clock.Now() - seconds{20},
            .value = 46.25,
            .labels = {{"fleet", "north"},
                       {"severity", "warning"},
                       {"vehicle", "cab-7"},
                       {"zone", "2"}},
            .annotations = {{"summary", "Container 2 at 46 °C"}},
            .notify = {"driver", "fleet"},
            .cooled_down = true};
  }
};

constexpr const char* kTopic = "cab/alerts/CargoOverheat/2";

}  // namespace

TEST_CASE("Notifier: a firing alert is shown as JSON on a topic of its own") {
  World world;
  AlertEvent event = world.Event(AlertState::kFiring);
  event.at = UtcTime{std::chrono::milliseconds{1'700'000'000'500}};
  event.active_since = UtcTime{seconds{1'699'999'990}};
  world.notifier.Show(event);
  CHECK(
      world.display.shown.at(kTopic) ==
      R"({"alert":"CargoOverheat","state":"firing","severity":"warning","summary":"Container 2 at 46 °C",)"
      R"("labels":{"fleet":"north","severity":"warning","vehicle":"cab-7","zone":"2"},"value":46.25,)"
      R"("since":"2023-11-14T22:13:10Z","at":"2023-11-14T22:13:20.500Z","sent":"2023-11-14T22:13:20Z"})");
}

TEST_CASE(
    "Notifier: an alert without labels of its own has no further segment, one with odd labels a "
    "safe one") {
  World world;
  AlertEvent event = world.Event(AlertState::kFiring);
  event.labels = {{"fleet", "north"}, {"severity", "warning"}};
  CHECK(TopicOf(event, {.topic = "a", .vehicle_labels = {{"fleet", "north"}}}) ==
        "a/CargoOverheat");
  event.labels.Set("zone", "x/+#y");
  CHECK(TopicOf(event, {.topic = "a", .vehicle_labels = {{"fleet", "north"}}}) ==
        "a/CargoOverheat/x___y");
}

TEST_CASE(
    "Notifier: pending and inactive alerts and those that don't notify the driver are not shown") {
  World world;
  world.notifier.Show(world.Event(AlertState::kPending));
  world.notifier.Show(world.Event(AlertState::kInactive));
  AlertEvent fleet_only = world.Event(AlertState::kFiring);
  fleet_only.notify = {"fleet"};
  world.notifier.Show(fleet_only);
  CHECK(world.display.shown.empty());
}

TEST_CASE("Notifier: a resolved alert says until when, stays for a while and is then taken off") {
  World world;
  world.notifier.Show(world.Event(AlertState::kFiring));
  CHECK(world.notifier.TakeOffDue() == std::nullopt);
  world.notifier.Show(world.Event(AlertState::kResolved));
  CHECK(world.display.shown.at(kTopic).find(R"("until":")") != std::string::npos);
  const auto due = world.notifier.TakeOffDue();
  REQUIRE(due);
  CHECK(*due == world.clock.Boot() + seconds{30});
  CHECK(world.display.shown.size() == 1);
  world.clock.Advance(seconds{30});
  CHECK(world.notifier.TakeOffDue() == std::nullopt);
  CHECK(world.display.shown.empty());
}

TEST_CASE("Notifier: an alert that fires again is not taken off for having been resolved") {
  World world;
  world.notifier.Show(world.Event(AlertState::kResolved));
  world.clock.Advance(seconds{10});
  world.notifier.Show(world.Event(AlertState::kFiring));
  world.clock.Advance(seconds{60});
  CHECK(world.notifier.TakeOffDue() == std::nullopt);
  CHECK(world.display.shown.size() == 1);
}

TEST_CASE("Notifier: what a cooldown holds back is not shown, but what is shown is also resolved") {
  World world;
  AlertEvent held = world.Event(AlertState::kFiring);
  held.cooled_down = false;
  world.notifier.Show(held);
  held.state = AlertState::kResolved;
  world.notifier.Show(held);
  CHECK(world.display.shown.empty());
  world.notifier.Show(world.Event(AlertState::kFiring));
  world.notifier.Show(held);
  CHECK(world.display.shown.at(kTopic).find("resolved") != std::string::npos);
}

TEST_CASE("Notifier: at the end what is resolved goes, what is firing stays") {
  World world;
  world.notifier.Show(world.Event(AlertState::kResolved));
  AlertEvent other = world.Event(AlertState::kFiring);
  other.labels.Set("zone", "3");
  world.notifier.Show(other);
  world.notifier.TakeOffResolved();
  CHECK(world.display.shown.size() == 1);
  CHECK(world.display.shown.contains("cab/alerts/CargoOverheat/3"));
}

TEST_CASE("Notifier: a message that the display doesn't take is counted") {
  World world;
  world.display.takes = false;
  world.notifier.Show(world.Event(AlertState::kFiring));
  CHECK(world.counters.Sum("fleet_edge_display_failures_total") == 1);
  CHECK(world.counters.Sum("fleet_edge_display_messages_total") == 0);
}

}  // namespace fleet_edge::agent
