#include "rules/engine.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kHot = R"(
groups:
  - name: g
    interval: 10s
    lateness: 500ms
    rules:
      - alert: Hot
        expr: avg_over_time(coolant[10s]) > 100
        labels: {severity: critical}
        annotations: {summary: 'at {{ printf "%.1f" $value }} in {{ $labels.z }}'}
)";

}  // namespace

TEST_CASE("Engine: an instant is evaluated when the clock is beyond it by the lateness") {
  RuleWorld world(kHot);
  world.AdvanceTo(0);
  CHECK(world.engine().NextDue() == At(0.5));
  world.Add(3, "coolant", 101);
  world.AdvanceTo(10.499999);
  CHECK(world.TakeEvents().empty());
  CHECK(world.engine().NextDue() == At(10.5));
  world.AdvanceTo(10.5);
  CHECK(world.TakeEvents() == Texts{"10 Hot{severity=\"critical\"} firing"});
}

TEST_CASE(
    "Engine: an event tells value, labels and annotations, with the vehicle's labels and not over "
    "the rule's") {
  RuleWorld world(kHot, {.external = {.labels = {{"vehicle", "t1"}, {"severity", "none"}}}});
  world.AdvanceTo(0);
  world.Add(3, "coolant", 101, {{"z", "a"}});
  world.Add(4, "coolant", 104, {{"z", "a"}});
  world.AdvanceTo(11);
  const std::vector<AlertEvent> alerts = world.Take().alerts;
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].value == 102.5);
  CHECK(alerts[0].labels == Labels{{"severity", "critical"}, {"vehicle", "t1"}, {"z", "a"}});
  CHECK(alerts[0].annotations == Labels{{"summary", "at 102.5 in a"}});
  CHECK(alerts[0].notify == Texts{"fleet"});
  CHECK(alerts[0].at == At(10));
  CHECK(alerts[0].active_since == At(10));
}

TEST_CASE("Engine: what comes after its instant was decided is late and changes nothing") {
  RuleWorld world(kHot);
  world.AdvanceTo(0);
  CHECK(world.Add(5, "coolant", 90));
  world.AdvanceTo(10.4);
  CHECK(world.Add(5.5, "coolant", 120));
  world.AdvanceTo(10.5);
  CHECK(world.TakeEvents().size() == 1);
  CHECK_FALSE(world.Add(10, "coolant", 0));
  CHECK_FALSE(world.Add(6, "coolant", 0));
  CHECK(world.Add(10.000001, "coolant", 120));
  CHECK(world.Add(6, "nobody_wants_it", 0));
  world.AdvanceTo(20.5);
  CHECK(world.TakeEvents().empty());
}

TEST_CASE("Engine: tumbling windows hold each sample once") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 10s
    rules: [{record: n, expr: 'count_over_time(x[10s])'}]
)");
  world.AdvanceTo(0);
  for (int t = 1; t <= 30; ++t) world.Add(t, "x", t);
  world.AdvanceTo(31);
  const std::vector<Reading> recorded = world.Take().recorded;
  REQUIRE(recorded.size() == 3);
  for (const Reading& reading : recorded) CHECK(reading.value == 10);
  CHECK(recorded[0].time == At(10));
}

TEST_CASE("Engine: of two samples of one time the first counts, and the second is not late") {
  RuleWorld world(kHot);
  world.AdvanceTo(0);
  CHECK(world.Add(5, "coolant", 90));
  CHECK(world.Add(5, "coolant", 1'000));
  world.AdvanceTo(11);
  CHECK(world.TakeEvents().empty());
}

TEST_CASE(
    "Engine: a recorded series is there at once for the rules behind it, with the rule's labels") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: Before, expr: 'x:sum > 5'}
      - {record: 'x:sum', expr: sum(x), labels: {of: all}}
      - {alert: Behind, expr: 'x:sum > 5'}
)");
  world.AdvanceTo(0);
  world.Add(1, "x", 2, {{"z", "1"}});
  world.Add(1, "x", 4, {{"z", "2"}});
  world.AdvanceTo(1);
  const Changes changes = world.Take();
  REQUIRE(changes.recorded.size() == 1);
  CHECK(ToString(*changes.recorded[0].series) == "x:sum{of=\"all\"}");
  CHECK(changes.recorded[0].value == 6);
  REQUIRE(changes.alerts.size() == 1);
  CHECK(changes.alerts[0].alert == "Behind");
  world.AdvanceTo(2);
  CHECK(world.TakeEvents() == Texts{"2 Before{of=\"all\"} firing"});
}

TEST_CASE("Engine: a series that is no longer recorded ends at once, not after the lookback") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    lookback: 30s
    rules:
      - {record: 'x:max', expr: 'max_over_time(x[2s])'}
      - {alert: High, expr: 'x:max > 5'}
)");
  world.AdvanceTo(0);
  world.Add(1, "x", 6);
  world.AdvanceTo(10);
  CHECK(world.TakeEvents() == Texts{"1 High firing", "3 High resolved"});
}

TEST_CASE("Engine: silence neither fires nor keeps firing, unless the rule clears by itself") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: High, expr: 'max_over_time(x[3s]) > 5'}
      - {alert: Stays, expr: 'max_over_time(x[3s]) > 5', clear: 'max_over_time(x[3s]) < 4'}
      - {alert: Silent, expr: 'absent_over_time(x[5s])', for: 2s}
)");
  world.AdvanceTo(0);
  CHECK(world.TakeEvents() == Texts{"0 Silent pending"});
  world.Add(1, "x", 6);
  world.AdvanceTo(1);
  CHECK(world.TakeEvents() == Texts{"1 High firing", "1 Stays firing", "1 Silent inactive"});
  world.AdvanceTo(60);
  CHECK(world.TakeEvents() == Texts{"4 High resolved", "6 Silent pending", "8 Silent firing"});
  world.Add(61, "x", 3);
  world.AdvanceTo(61);
  CHECK(world.TakeEvents() == Texts{"61 Stays resolved", "61 Silent resolved"});
}

TEST_CASE("Engine: `clear` goes by the labels that the alert's series have") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - alert: Hot
        expr: max by (zone) (x) > 45
        clear: x < 42
        labels: {severity: warning}
)");
  world.AdvanceTo(0);
  const auto both = [&](double t, double one, double two) {
    world.Add(t, "x", one, {{"zone", "1"}, {"sensor", "a"}});
    world.Add(t, "x", two, {{"zone", "2"}, {"sensor", "b"}});
    world.AdvanceTo(t);
    return world.TakeEvents();
  };
  CHECK(both(1, 46, 47).size() == 2);
  CHECK(both(2, 43, 43).empty());
  CHECK(both(3, 43, 41) == Texts{"3 Hot{severity=\"warning\",zone=\"2\"} resolved"});
  CHECK(both(4, 41, 46) == Texts{"4 Hot{severity=\"warning\",zone=\"2\"} firing",
                                 "4 Hot{severity=\"warning\",zone=\"1\"} resolved"});
}

TEST_CASE("Engine: an expression without a result changes nothing, and says so once") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    lookback: 100s
    rules: [{alert: Odd, expr: 'a > on () b'}]
)");
  world.AdvanceTo(0);
  world.Add(1, "a", 5);
  world.Add(1, "b", 1, {{"z", "1"}});
  world.AdvanceTo(1);
  CHECK(world.TakeEvents() == Texts{"1 Odd firing"});
  world.Add(2, "b", 9, {{"z", "2"}});
  world.AdvanceTo(5);
  const Changes changes = world.Take();
  CHECK(changes.alerts.empty());
  REQUIRE(changes.failures.size() == 1);
  CHECK(changes.failures[0].rule == "Odd");
  CHECK(changes.failures[0].at == At(2));
  CHECK(changes.failures[0].what.find("on the right side of") != std::string::npos);
  CHECK(world.engine().counts().evaluations_failed == 4);
}

TEST_CASE("Engine: groups take turns as they fall due, each by its own interval and lateness") {
  RuleWorld world(R"(
groups:
  - {name: slow, interval: 10s, lateness: 5s, rules: [{record: slow, expr: sum(x)}]}
  - {name: fast, interval: 5s, lateness: 0s, rules: [{record: fast, expr: sum(x)}]}
)");
  world.AdvanceTo(1);
  world.Add(4, "x", 1);
  world.AdvanceTo(20);
  Texts order;
  for (const Reading& reading : world.Take().recorded) {
    order.push_back(reading.series->name + " " +
                    std::to_string((reading.time - At(0)) / std::chrono::seconds{1}));
  }
  CHECK(order == Texts{"fast 5", "fast 10", "slow 10", "fast 15", "fast 20"});
}

TEST_CASE(
    "Engine: a gap costs nothing and changes nothing, and the next reading is judged as ever") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: High, expr: 'max_over_time(x[3s]) > 5', for: 1s}
      - {alert: Silent, expr: 'absent_over_time(x[5s])', for: 60s}
)");
  world.AdvanceTo(0);
  world.Add(0.5, "x", 1);
  constexpr double kTenYears = 315'360'000;
  world.AdvanceTo(kTenYears);
  CHECK(world.TakeEvents() ==
        Texts{"0 Silent pending", "1 Silent inactive", "6 Silent pending", "66 Silent firing"});
  CHECK_FALSE(world.engine().NextDue());
  CHECK_FALSE(world.Add(kTenYears, "x", 6));  // decided, if asleep
  CHECK(world.engine().NextDue() == At(kTenYears + 1));
  CHECK(world.Add(kTenYears + 1, "x", 6));
  world.AdvanceTo(kTenYears + 2);
  CHECK(world.TakeEvents() ==
        Texts{"315360001 High pending", "315360001 Silent resolved", "315360002 High firing"});
  CHECK(world.engine().counts().instants_skipped == 0);
}

TEST_CASE("Engine: what another group records wakes a group that sleeps, whichever stands first") {
  constexpr std::string_view kReader =
      "  - {name: b, interval: 1s, lateness: 0s, rules: [{alert: High, expr: 'y > 5'}]}\n";
  constexpr std::string_view kRecorder =
      "  - {name: a, interval: 1s, lateness: 0s, rules: [{record: y, expr: "
      "'max_over_time(x[2s])'}]}"
      "\n";
  const auto events = [](std::string_view first, std::string_view second, int step) {
    RuleWorld world("groups:\n" + std::string(first) + std::string(second));
    world.AdvanceTo(0);
    world.Add(1, "x", 1);
    world.AdvanceTo(600);
    CHECK_FALSE(world.engine().NextDue());
    world.Add(601, "x", 9);
    for (int t = 600 + step; t <= 620; t += step) world.AdvanceTo(t);
    return world.TakeEvents();
  };
  for (const int step : {1, 20}) {
    CHECK(events(kRecorder, kReader, step) == Texts{"601 High firing", "603 High resolved"});
    CHECK(events(kReader, kRecorder, step) == Texts{"602 High firing", "604 High resolved"});
  }
}

TEST_CASE("Engine: without rules it keeps nothing and is never due") {
  SeriesRegistry registry;
  Engine engine(registry, {});
  Changes changes;
  CHECK(engine.Add({registry.Find("x", {}), At(1), 1, Quality::kGood}));
  engine.AdvanceTo(At(5), changes);
  CHECK_FALSE(engine.NextDue());
  CHECK(engine.rule_count() == 0);
  CHECK(engine.Load({}).empty());
  CHECK(engine.Add({registry.Find("x", {}), At(1), 1, Quality::kGood}));
  CHECK_FALSE(engine.NextDue());
}

TEST_CASE("Engine: what fires is told at any time with its newest value") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: High, expr: x > 5, annotations: {summary: 'at {{ $value }}'}}
      - {alert: Later, expr: x > 5, for: 10s}
)");
  world.AdvanceTo(0);
  world.Add(1, "x", 6);
  world.Add(2, "x", 7);
  world.AdvanceTo(2);
  const std::vector<AlertEvent> firing = world.engine().Firing();
  REQUIRE(firing.size() == 1);
  CHECK(RuleWorld::ToText(firing[0]) == "2 High firing");
  CHECK(firing[0].value == 7);
  CHECK(firing[0].annotations.Get("summary") == "at 7");
}

TEST_CASE("Engine: ALERTS and ALERTS_FOR_STATE are series where a rule asks for them") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: High, expr: x > 5, for: 2s, labels: {severity: info}}
      - {record: pending, expr: 'ALERTS{alertname="High",alertstate="pending"}'}
      - {record: firing, expr: 'ALERTS{alertname="High",alertstate="firing"}'}
      - {record: since, expr: 'ALERTS_FOR_STATE{severity="info"}'}
)");
  world.AdvanceTo(0);
  for (const int t : {1, 2, 3}) world.Add(t, "x", 6, {{"z", "1"}});
  world.Add(4, "x", 0, {{"z", "1"}});
  world.AdvanceTo(5);
  Texts recorded;
  for (const Reading& reading : world.Take().recorded) {
    recorded.push_back(std::to_string(ToSeconds(reading.time - At(0))).substr(0, 1) + " " +
                       reading.series->name + " " + std::string(reading.series->labels.Get("z")) +
                       (reading.value == ToSeconds(At(1)) ? " began" : ""));
  }
  CHECK(recorded == Texts{"1 pending 1", "1 since 1 began", "2 pending 1", "2 since 1 began",
                          "3 firing 1", "3 since 1 began"});
}

}  // namespace fleet_edge::rules
