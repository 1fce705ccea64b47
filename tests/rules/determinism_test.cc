#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/engine.h"
#include "rules/go_format.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kRules = R"(
groups:
  - name: sliding
    interval: 1s
    lateness: 500ms
    rules:
      - {alert: High, expr: 'avg_over_time(x[10s]) > 2', for: 2s, keep_firing_for: 2s}
      - {alert: Sum, expr: 'sum(x) > 3', clear: 'sum(x) < 0', cooldown: 7s}
      - {record: 'x:rate', expr: 'deriv(x[5s])'}
      - {alert: Steep, expr: 'abs(x:rate) > 2'}
      - {alert: Silent, expr: 'absent_over_time(x{z="2"}[3s])', for: 1s}
  - name: tumbling
    interval: 10s
    lateness: 2s
    rules:
      - {record: 'x:stddev', expr: 'stddev_over_time(x[10s])'}
      - {alert: Wild, expr: 'x:stddev > on (z) max by (z) (avg_over_time(x[10s]))'}
)";

struct Input {
  double seconds;
  double value;
  std::string zone;
};

/// Two zones at a few readings a second, with gaps.
std::vector<Input> Inputs() {
  std::mt19937_64 random(
      7);  // NOLINT(cert-msc51-cpp,bugprone-random-generator-seed): the same in each run
  const auto uniform = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  std::vector<Input> inputs;
  double t = 0.1;
  while (t < 300) {
    const double value = std::round(uniform() * 1200 - 500) / 100;
    const bool gap = static_cast<int>(t) % 50 > 40;
    if (!gap) inputs.push_back({std::round(t * 1000) / 1000, value, uniform() < 0.5 ? "1" : "2"});
    t += 0.05 + uniform() * 0.6;
  }
  return inputs;
}

/// All events, then all records, as texts to the last digit.
struct Outcome {
  Texts events;
  Texts records;

  void Add(const Changes& changes) {
    for (const AlertEvent& event : changes.alerts) {
      events.push_back(RuleWorld::ToText(event) + " " + ToGoText(event.value) +
                       fleet_edge::ToString(event.active_since));
    }
    for (const Reading& reading : changes.recorded) {
      records.push_back(fleet_edge::ToString(reading.time) + ToString(*reading.series) +
                        ToGoText(reading.value));
    }
  }

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// The clock follows the readings when `step` is 0, else goes in steps of it.
Outcome Run(const std::vector<Input>& inputs, double step) {
  RuleWorld world(kRules);
  world.AdvanceTo(0);
  double clock = 0;
  for (const Input& input : inputs) {
    const double next = step > 0 ? std::floor(input.seconds / step) * step : input.seconds - 0.25;
    if (next > clock) world.AdvanceTo(clock = next);
    CHECK(world.Add(input.seconds, "x", input.value, {{"z", input.zone}}));
  }
  world.AdvanceTo(400);
  Outcome outcome;
  outcome.Add(world.Take());
  return outcome;
}

/// The same with a restart at every `every`-th reading.
Outcome RunWithRestarts(const std::vector<Input>& inputs, std::size_t every) {
  auto world = std::make_unique<RuleWorld>(kRules);
  world->AdvanceTo(0);
  double clock = 0;
  Outcome outcome;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i % every == every - 1) {
      const std::string saved = world->engine().SaveState(Engine::Save::kWindows);
      outcome.Add(world->Take());
      world = std::make_unique<RuleWorld>(kRules);
      REQUIRE(world->engine().RestoreState(saved));
      world->AdvanceTo(clock);  // the restart takes no time
    }
    clock = std::max(clock, inputs[i].seconds - 0.25);
    world->AdvanceTo(clock);
    CHECK(world->Add(inputs[i].seconds, "x", inputs[i].value, {{"z", inputs[i].zone}}));
  }
  world->AdvanceTo(400);
  outcome.Add(world->Take());
  return outcome;
}

}  // namespace

TEST_CASE("Determinism: the steps of the clock make no difference") {
  const std::vector<Input> inputs = Inputs();
  const Outcome expected = Run(inputs, 0);
  CHECK(expected.events.size() > 100);
  CHECK(expected.records.size() > 500);
  for (const double step : {0.1, 1.0, 3.0, 10.0, 60.0, 1000.0})
    CHECK(Run(inputs, step) == expected);
}

TEST_CASE("Determinism: the order of arrival within the lateness makes no difference") {
  const std::vector<Input> inputs = Inputs();
  const Outcome expected = Run(inputs, 0);
  std::mt19937_64 random(
      11);  // NOLINT(cert-msc51-cpp,bugprone-random-generator-seed): the same in each run
  for (int round = 0; round < 5; ++round) {
    // Swapping neighbours that are less than 200 ms apart keeps each within the lateness.
    std::vector<Input> shuffled = inputs;
    for (std::size_t i = 0; i + 1 < shuffled.size(); ++i) {
      const bool near = std::abs(shuffled[i + 1].seconds - shuffled[i].seconds) < 0.2;
      if (near && random() % 2 == 0) {
        std::swap(shuffled[i], shuffled[i + 1]);
        ++i;
      }
    }
    CHECK(Run(shuffled, 0) == expected);
  }
  std::vector<Input> backwards = inputs;
  std::ranges::reverse(backwards);
  CHECK(Run(backwards, 1000) == expected);
}

TEST_CASE("Determinism: restarts make no difference") {
  const std::vector<Input> inputs = Inputs();
  const Outcome expected = Run(inputs, 0);
  for (const std::size_t every : {1U, 10U, 77U}) {
    const Outcome got = RunWithRestarts(inputs, every);
    CAPTURE(every);
    CHECK(got.events == expected.events);
    CHECK(got.records == expected.records);
  }
}

}  // namespace fleet_edge::rules
