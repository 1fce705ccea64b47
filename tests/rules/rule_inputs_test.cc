#include "rules/rule_inputs.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/parser.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {
namespace {

using Texts = std::vector<std::string>;

RuleText File(std::string_view rules) {
  return {"r.yaml", "groups:\n- name: g\n  rules:\n" + std::string(rules)};
}

Texts TextsOf(const Selectors& selectors) {
  Texts texts;
  for (const auto& [text, selector] : selectors) texts.push_back(text);
  return texts;
}

}  // namespace

TEST_CASE("Rule inputs: an alert reads what its expression selects, and what functions imply") {
  const RuleInputs inputs(
      {File("  - {alert: A, expr: 'a{x=\"1\"} > 1 and on () avg_over_time(b[1m]) > 2'}\n"
            "  - {alert: B, expr: distance_km_over_time(1h) > 3}\n"
            "  - {alert: C, expr: count(ALERTS) > 1}\n")});
  CHECK(TextsOf(inputs.by_alert().at("A")) == Texts{"a{x=\"1\"}", "b"});
  CHECK(TextsOf(inputs.by_alert().at("B")) == Texts{"latitude_deg", "longitude_deg"});
  CHECK(inputs.by_alert().at("C").empty());
}

TEST_CASE("Rule inputs: a record counts as what its rules read, through any number of them") {
  const RuleInputs inputs({File("  - {record: two, expr: one * 2}\n"
                                "  - {alert: A, expr: two > 1 or c > 1}\n"),
                           {"b.yaml",
                            "groups:\n- name: h\n  rules:\n"
                            "  - {record: one, expr: max(a)}\n"
                            "  - {record: one, expr: max(b), labels: {of: b}}\n"},
                           {"f.geojson", R"({"type":"FeatureCollection","features":[]})"}});
  CHECK(TextsOf(inputs.by_alert().at("A")) == Texts{"a", "b", "c"});
  CHECK(TextsOf(inputs.Of(*ParseExpression("two + d"))) == Texts{"a", "b", "d"});
}

TEST_CASE("Rule inputs: a record of itself has no end and reads nothing") {
  const RuleInputs inputs({File("  - {record: r, expr: r + 1}\n  - {alert: A, expr: r > 1}\n")});
  CHECK(inputs.by_alert().at("A").empty());
}

}  // namespace fleet_edge::rules
