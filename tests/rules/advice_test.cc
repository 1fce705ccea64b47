#include "rules/advice.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {
namespace {

using Texts = std::vector<std::string>;

Texts Advice(const std::vector<RuleText>& files, const VehicleFacts& vehicle = {}) {
  Texts texts;
  for (const Diagnostic& finding : AdviseOnRules(files, vehicle)) {
    CHECK(finding.severity == Diagnostic::Severity::kWarning);
    CHECK_FALSE(finding.mend.empty());
    texts.push_back(ToString(finding));
  }
  return texts;
}

/// A file of one group with one alert, sound but for `lines`, which begin at line 8.
RuleText AlertFile(std::string_view expr, std::string_view lines = {}) {
  return {"r.yaml", "groups:\n- name: g\n  interval: 10s\n  rules:\n  - alert: A\n    expr: " +
                        std::string(expr) +
                        "\n    annotations: {summary: s}\n    labels: {severity: page}\n" +
                        std::string(lines)};
}

void CheckOne(const Texts& got, std::string_view beginning) {
  REQUIRE(got.size() == 1);
  CHECK(std::string_view(got.front()).substr(0, beginning.size()) == beginning);
}

}  // namespace

TEST_CASE("Advice: a sound rule gives none") {
  CHECK(Advice({AlertFile("avg_over_time(cargo_celsius[10s]) > 45", "    for: 10s\n")}).empty());
  CHECK(Advice({AlertFile("count(ALERTS) > 1")}).empty());
  CHECK(Advice({{"fences.geojson", "{}"}}).empty());
}

TEST_CASE("Advice: a range shorter than the interval leaves gaps") {
  CheckOne(Advice({AlertFile("1 < avg_over_time(cargo_celsius[5s])")}),
           "r.yaml:6:29: warning: the range 5s is shorter than the group's interval 10s: no window "
           "sees what comes between. Make the range at least 10s");
}

TEST_CASE("Advice: a range shorter than the signal's period is mostly empty") {
  const RuleText file{"r.yaml",
                      "groups:\n- name: g\n  interval: 1s\n  rules:\n  - {record: x, expr: "
                      "'min_over_time(fuel_percent[5s])'}\n"};
  CheckOne(Advice({file}),
           "r.yaml:5:38: warning: the range 5s is shorter than the 10s in which fuel_percent is "
           "usually measured once: many windows are empty. Make the range at least 10s");
}

TEST_CASE("Advice: an unknown name is told once, with the nearest") {
  CheckOne(
      Advice({AlertFile("vehicle_sped_kmh > 90 or vehicle_sped_kmh < 0")}),
      "r.yaml:6:11: warning: no signal and no recording rule is called 'vehicle_sped_kmh'. Did "
      "you mean 'vehicle_speed_kmh'?");
  CHECK(Advice({AlertFile("zone:limit > 90",
                          "  - {record: 'zone:limit', expr: max(vehicle_speed_kmh)}\n")})
            .empty());
  CHECK(Advice({AlertFile("door_open > 0")}, {.signals = Texts{"door_open"}}).empty());
}

TEST_CASE("Advice: what rules record is known across files") {
  const RuleText records{"b.yaml",
                         "groups:\n- name: g\n  rules:\n  - {record: hot, expr: cargo_celsius}\n"};
  CHECK(Advice({AlertFile("hot > 1"), records}).empty());
  CheckOne(Advice({AlertFile("hott > 1"), records}),
           "r.yaml:6:11: warning: no signal and no recording rule is called 'hott'. Did you mean "
           "'hot'?");
}

TEST_CASE("Advice: with the drivers known, a signal that none produces is told") {
  CheckOne(Advice({AlertFile("cargo_celsius > 45 and on() engine_rpm > 400")},
                  {.signals = Texts{"cargo_celsius"}}),
           "r.yaml:6:39: warning: no driver of the configuration produces 'engine_rpm'");
}

TEST_CASE("Advice: series without a bound") {
  CheckOne(Advice({AlertFile("'{zone=\"1\"} > 1'")}),
           "r.yaml:6:12: warning: the selector names no series");
  CheckOne(Advice({AlertFile("'{__name__=~\"a.*\"} > 1'")}),
           "r.yaml:6:12: warning: the selector names no series");
  CheckOne(Advice({AlertFile("count_values('c', cargo_celsius) > 1")}),
           "r.yaml:6:11: warning: count_values makes a series of each value");
  CHECK(Advice({AlertFile("count_values('c', round(cargo_celsius)) > 1")}).empty());
}

TEST_CASE("Advice: an alert's label that holds its value makes alerts without end") {
  const auto advise = [](std::string_view text) {
    return Advice(
        {AlertFile("cargo_celsius > 45",
                   "  - alert: B\n    expr: cargo_celsius > 50\n    annotations: {summary: "
                   "'{{ $value }}'}\n    labels: {severity: '" +
                       std::string(text) + "'}\n")});
  };
  CheckOne(advise("{{ $value }}"),
           "r.yaml:12:24: warning: the label 'severity' holds the alert's value: each value makes "
           "another alert. Put the value into an annotation");
  CheckOne(advise("{{ with $x := $value | printf \"%.0f\" }}{{ . }}{{ end }}"), "r.yaml:12:24:");
  CheckOne(advise("{{ or $labels.zone $value }}"), "r.yaml:12:24:");
  CHECK(advise("{{ if gt $value 60.0 }}critical{{ else }}warning{{ end }}").empty());
  CHECK(advise("{{ $labels.zone }}").empty());
}

TEST_CASE("Advice: times shorter than the interval come to it") {
  CheckOne(
      Advice({AlertFile("cargo_celsius > 45", "    for: 5s\n")}),
      "r.yaml:9:10: warning: 'for' 5s is shorter than the group's interval 10s, which it comes "
      "to. Write 10s");
  CheckOne(Advice({AlertFile("cargo_celsius > 45", "    keep_firing_for: 1s\n")}),
           "r.yaml:9:22: warning: 'keep_firing_for' 1s is shorter");
}

TEST_CASE("Advice: an alert says how severe it is and what happened") {
  const Texts got = Advice(
      {{"r.yaml", "groups:\n- name: g\n  rules:\n  - {alert: A, expr: cargo_celsius > 1}\n"}});
  REQUIRE(got.size() == 2);
  CHECK(got[0].starts_with("r.yaml:4:13: warning: the alert has no label 'severity'"));
  CHECK(got[1].starts_with("r.yaml:4:13: warning: the alert has no annotation 'summary'"));
}

TEST_CASE("Advice: a misspelt severity or summary is named") {
  const Texts got =
      Advice({{"r.yaml",
               "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: cargo_celsius > "
               "1\n    labels: {severty: a}\n    annotations: {sumary: b}\n"}});
  REQUIRE(got.size() == 2);
  CHECK(got[0].ends_with("Did you mean 'severity' by 'severty'?"));
  CHECK(got[1].ends_with("Did you mean 'summary' by 'sumary'?"));
}

TEST_CASE("Advice: two alerts of one name, across files") {
  RuleText other = AlertFile("cargo_celsius > 50");
  other.file = "b.yaml";
  CheckOne(Advice({AlertFile("cargo_celsius > 45"), other}),
           "b.yaml:5:12: warning: an alert 'A' stands in r.yaml:5 already");
}

TEST_CASE("Advice: a name that cannot be a level of a topic") {
  CheckOne(Advice({{"r.yaml",
                    "groups:\n- name: g\n  rules:\n  - {alert: Hot/cold, expr: cargo_celsius > 1, "
                    "labels: {severity: a}, annotations: {summary: b}}\n"}}),
           "r.yaml:4:13: warning: the alert's name holds '/'");
}

TEST_CASE("Advice: the driver needs a display") {
  const RuleText file = AlertFile("cargo_celsius > 45", "    notify: [driver]\n");
  CHECK(Advice({file}).empty());
  CheckOne(
      Advice({file}, {.signals = {}, .has_display = false}),
      "r.yaml:9:13: warning: the alert is for the driver, but the configuration has no display");
}

TEST_CASE("Advice: a condition that nothing filters") {
  const auto doubts = [](std::string_view expr) {
    return Advice({AlertFile("'" + std::string(expr) + "'",
                             "  - {record: hot, expr: cargo_celsius > 45}\n")});
  };
  for (const char* const always :
       {"cargo_celsius", "avg_over_time(cargo_celsius[10s])", "cargo_celsius / 2",
        "anomaly_zscore(cargo_celsius[10s], 30m)", "abs(anomaly_zscore(hot[10s], 30m))",
        "distance_km_over_time(1h)", "time()", "hour()", "vector(time())", "sum(cargo_celsius)",
        "-cargo_celsius", "cargo_celsius > 45 or cargo_celsius", "cargo_celsius and engine_rpm",
        "clamp_max(cargo_celsius, 3)", "topk(1, cargo_celsius)", "sum(cargo_celsius > bool 45)"}) {
    CAPTURE(std::string(always));
    CheckOne(doubts(always),
             "r.yaml:6:12: warning: nothing in the expression is compared: the alert fires "
             "whenever there is a value, whatever it is. Compare it");
  }
  for (const char* const sometimes :
       {"absent(cargo_celsius)", "absent_over_time(cargo_celsius[10s])", "hot", "max(hot) * 2",
        "count(cargo_celsius > 45)", "cargo_celsius and engine_rpm > 400", "vector(1)",
        "cargo_celsius unless on () engine_rpm", "(cargo_celsius > 45) - 45",
        "cargo_celsius > 45 or absent(cargo_celsius)", "ALERTS", "max_over_time(hot[10s])",
        "label_replace(cargo_celsius > 45, \"a\", \"b\", \"\", \"\")",
        "(cargo_celsius > bool 45) == 1"}) {
    CAPTURE(std::string(sometimes));
    CHECK(doubts(sometimes) == Texts{});
  }
  CheckOne(doubts("cargo_celsius > bool 45"),
           "r.yaml:6:26: warning: a comparison with 'bool' is 0 or 1 and filters nothing");
  CheckOne(doubts("1 < bool 2"), "r.yaml:6:14: warning: a comparison with 'bool'");
}

TEST_CASE("Advice: a yes or no of a geofence is no condition yet") {
  const RuleText fence{"f.geojson", R"({"type":"Feature","properties":{"name":"f","radius_m":9},)"
                                    R"("geometry":{"type":"Point","coordinates":[7,53]}})"};
  const Texts got = Advice({AlertFile("geofence_inside('f')"), fence});
  CheckOne(got, "r.yaml:6:11: warning: nothing in the expression is compared");
  CHECK(got.front().ends_with("Write … == 1"));
  CHECK(Advice({AlertFile("geofence_inside('f') == 1"), fence}).empty());
}

TEST_CASE("Advice: a clear that no alert of a labelled series can meet") {
  const auto advise = [](std::string_view expr, std::string_view clear) {
    return Advice(
        {AlertFile("'" + std::string(expr) + "'", "    clear: '" + std::string(clear) + "'\n")});
  };
  for (const char* const with_zone :
       {"cargo_celsius{zone=\"1\"} > 45", "max by (zone) (cargo_celsius) > 45",
        "cargo_celsius{zone!=\"\"} > 45", "cargo_celsius{zone=~\"1|2\"} > 45",
        "cargo_celsius > on (zone) ambient_celsius",
        "max_over_time(cargo_celsius{zone=\"1\"}[10s]) > 45"}) {
    CAPTURE(std::string(with_zone));
    CheckOne(advise(with_zone, "max(cargo_celsius) < 42"),
             "r.yaml:9:13: warning: no result of 'clear' has a label 'zone': alerts of series that "
             "have one never end. Keep the label, as `by (zone)` does");
    CHECK(advise(with_zone, "max by (zone) (cargo_celsius) < 42") == Texts{});
    CHECK(advise(with_zone, "scalar(cargo_celsius) < bool 42") == Texts{});
  }
  for (const char* const without_zone :
       {"cargo_celsius > 45", "max(cargo_celsius{zone=\"1\"}) > 45",
        "cargo_celsius{zone=\"\"} > 45", "cargo_celsius{zone=~\"1|\"} > 45"}) {
    CAPTURE(std::string(without_zone));
    CHECK(advise(without_zone, "max(cargo_celsius) < 42") == Texts{});
  }
}

TEST_CASE("Advice: a text that names a label claims it for clear") {
  CheckOne(Advice({{"r.yaml",
                    "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: cargo_celsius > 45\n"
                    "    clear: max(cargo_celsius) < 42\n    labels: {severity: a}\n"
                    "    annotations: {summary: 'in {{ $labels.zone }}'}\n"}}),
           "r.yaml:6:12: warning: no result of 'clear' has a label 'zone'");
}

TEST_CASE("Advice: what the configuration lacks is told once, with the number of places") {
  RuleText other = AlertFile("engine_rpm > 1", "    notify: [driver]\n");
  other.file = "b.yaml";
  other.text.replace(other.text.find("alert: A"), 8, "alert: B");
  const Texts got = Advice({AlertFile("engine_rpm > 2 and engine_rpm < 9",
                                      "    notify: [driver]\n    clear: engine_rpm < 1\n"),
                            other},
                           {.signals = Texts{"cargo_celsius"}, .has_display = false});
  REQUIRE(got.size() == 2);
  CHECK(
      got[0].starts_with("r.yaml:6:11: warning: no driver of the configuration produces "
                         "'engine_rpm' (and 2 more like it). Configure"));
  CHECK(
      got[1].starts_with("r.yaml:9:13: warning: the alert is for the driver, but the "
                         "configuration has no display (and 1 more like it). Add"));
}

TEST_CASE("Advice: a label that the result cannot have") {
  const auto advise = [](std::string_view expr) {
    Texts texts =
        Advice({AlertFile("'" + std::string(expr) + "'",
                          "  - alert: B\n    expr: " + std::string(expr) +
                              "\n    annotations: {summary: 'in {{ $labels.zone }}'}\n    labels: "
                              "{severity: a}\n")});
    std::erase_if(texts, [](const std::string& text) {
      return text.find("no result of the expression") == std::string::npos;
    });
    return texts;
  };
  for (const char* const without :
       {"sum(cargo_celsius) > 1", "sum by (side) (cargo_celsius)", "1 < bool 2",
        "max without (zone) (cargo_celsius)", "vector(1)", "absent(cargo_celsius)",
        "cargo_celsius * on (side) ambient_celsius", "-sum(cargo_celsius) / 2",
        "cargo_celsius{zone=\"\"}", "sum(cargo_celsius) and cargo_celsius", "vector(time())",
        "cargo_celsius * ignoring (zone) group_right ambient_celsius{zone=\"\"}"}) {
    CAPTURE(std::string(without));
    CheckOne(advise(without),
             "r.yaml:11:43: warning: no result of the expression has a label 'zone'");
  }
  for (const char* const with :
       {"cargo_celsius > 1", "sum by (zone) (cargo_celsius)", "max without (side) (cargo_celsius)",
        "absent(cargo_celsius{zone=\"1\"})", "cargo_celsius * on (zone) ambient_celsius",
        "abs(cargo_celsius)", "1 - cargo_celsius", "sum(ambient_celsius) or cargo_celsius",
        "topk(1, cargo_celsius)", "avg_over_time(cargo_celsius[10s])",
        "ambient_celsius{zone=\"\"} * ignoring (zone) group_left (zone) cargo_celsius",
        "label_replace(vector(1), \"zone\", \"1\", \"\", \"\")"}) {
    CAPTURE(std::string(with));
    CHECK(advise(with) == Texts{});
  }
}

TEST_CASE("Advice: nothing is said of files with errors") {
  CHECK(Advice({AlertFile("vehicle_sped_kmh >")}).empty());
}

}  // namespace fleet_edge::rules
