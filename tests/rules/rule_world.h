#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/engine.h"

namespace fleet_edge::rules {

/// The time `seconds` after the start of the tests' world, a round moment.
inline UtcTime At(double seconds) {
  return UtcTime{std::chrono::seconds{1'700'000'000}} + Duration{std::llround(seconds * 1e6)};
}

/// An engine, its registry and what came of it; events as short texts: `15 EngineOverheat{zone="1"}
/// firing`.
class RuleWorld {
 public:
  explicit RuleWorld(std::string_view rules, Engine::Options options = {})
      : engine_(registry_, std::move(options)) {
    const Diagnostics findings = Load(rules);
    for (const Diagnostic& finding : findings) MESSAGE(ToString(finding));
    REQUIRE(findings.empty());
  }

  Diagnostics Load(std::string_view rules) {
    return engine_.Load({{"rules.yaml", std::string(rules)}});
  }

  const Series* SeriesOf(std::string_view name, const Labels& labels = {}) {
    return registry_.Find(name, labels);
  }

  bool Add(double seconds, std::string_view name, double value, const Labels& labels = {}) {
    return engine_.Add({SeriesOf(name, labels), At(seconds), value, Quality::kGood});
  }

  /// Moves the clock on and keeps what changed.
  void AdvanceTo(double seconds) { engine_.AdvanceTo(At(seconds), changes_); }

  /// What changed since the last call.
  Changes Take() { return std::exchange(changes_, {}); }

  std::vector<std::string> TakeEvents() {
    std::vector<std::string> texts;
    for (const AlertEvent& event : Take().alerts) texts.push_back(ToText(event));
    return texts;
  }

  static std::string ToText(const AlertEvent& event) {
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(event.at - At(0)).count();
    std::string text = std::to_string(second) + " " + event.alert + ToString(event.labels) + " ";
    text += ToString(event.state);
    return event.cooled_down ? text : text + " (held back)";
  }

  SeriesRegistry& registry() { return registry_; }
  Engine& engine() { return engine_; }

 private:
  SeriesRegistry registry_;
  Engine engine_;
  Changes changes_;
};

using Texts = std::vector<std::string>;

}  // namespace fleet_edge::rules
