#include "rules/alert_source.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "rules/expr.h"

namespace fleet_edge::rules {
namespace {

AlertSource SourceOf(const std::string& expr) {
  const std::string text =
      "groups: [{name: g, rules: [{alert: A, for: 3s, expr: '" + expr + "'}]}]";
  const AlertSources sources = ReadAlertSources({{"a.yaml", text}});
  REQUIRE(sources.size() == 1);
  return sources.begin()->second;
}

std::vector<Threshold> ThresholdsOf(const std::string& expr) { return SourceOf(expr).thresholds; }

using Thresholds = std::vector<Threshold>;

}  // namespace

TEST_CASE("Alert source: a rule's text as it is written, where it stands, and what it reads") {
  const AlertSource source = SourceOf("  avg_over_time(cargo_celsius[10s])   >= 45 ");
  CHECK(source.file == "a.yaml");
  CHECK(source.group == "g");
  CHECK(source.expr == "avg_over_time(cargo_celsius[10s])   >= 45");
  CHECK(source.hold == std::chrono::seconds{3});
  CHECK(source.reach == std::chrono::seconds{10});
  CHECK(source.inputs.contains("cargo_celsius"));
}

TEST_CASE("Alert source: a bound for the values of a series is told, whichever side it stands on") {
  const Thresholds above{{"cargo_celsius", BinaryOp::kGreaterEqual, 45}};
  CHECK(ThresholdsOf("cargo_celsius >= 45") == above);
  CHECK(ThresholdsOf("45 <= cargo_celsius") == above);
  CHECK(ThresholdsOf("max by (zone) (quantile_over_time(0.5, cargo_celsius[1m])) >= 45") == above);
  CHECK(ThresholdsOf("fuel_percent < -1") == Thresholds{{"fuel_percent", BinaryOp::kLess, -1}});
  CHECK(ThresholdsOf("cargo_celsius >= 45 or avg_over_time(cargo_celsius[5s]) >= 45") == above);
  CHECK(
      ThresholdsOf("fuel_percent > 10 < 20") ==
      Thresholds{{"fuel_percent", BinaryOp::kLess, 20}, {"fuel_percent", BinaryOp::kGreater, 10}});
}

TEST_CASE("Alert source: a bound for what is made of a series is none for its values") {
  CHECK(ThresholdsOf("count_over_time(cargo_celsius[10s]) >= 5").empty());
  CHECK(ThresholdsOf("cargo_celsius - cargo_celsius offset 30s >= 3").empty());
  CHECK(ThresholdsOf("abs(accel_lateral_mps2) > 2").empty());
  CHECK(ThresholdsOf("sum(cargo_celsius) > 90").empty());
  CHECK(ThresholdsOf("cargo_celsius > ambient_celsius").empty());
  CHECK(ThresholdsOf("(cargo_celsius > bool 4) > 0") ==
        Thresholds{{"cargo_celsius", BinaryOp::kGreater, 4}});
}

TEST_CASE("Alert source: what a rule reads of a record is what the record's rule reads") {
  const AlertSources sources = ReadAlertSources({{"a.yaml", R"(groups:
- name: g
  rules:
  - {record: 'cargo:mean', expr: avg(cargo_celsius)}
  - {alert: A, expr: 'cargo:mean > 45'}
  - {alert: A, expr: 'fuel_percent < 5'}
)"}});
  REQUIRE(sources.count("A") == 2);
  CHECK(sources.begin()->second.inputs.contains("cargo_celsius"));
}

}  // namespace fleet_edge::rules
