#include "rules/sliding_aggregate.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/time.h"
#include "rules/sample_ring.h"
#include "tests/rules/expression_world.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

/// The values of a part of a window as a text, in their order.
struct Trace {
  explicit Trace(double first) : text(std::to_string(std::lround(first))) {}
  void Append(double value) { text += " " + std::to_string(std::lround(value)); }
  void Merge(const Trace& later) { text += " " + later.text; }
  std::string text;
};

std::string Whole(const Window& window) {
  Trace trace(window.front().value);
  for (std::size_t i = 1; i < window.size(); ++i) trace.Append(window[i].value);
  return trace.text;
}

}  // namespace

TEST_CASE("SlidingAggregate: each window's values, once and in order, however it slides") {
  std::mt19937_64 random(
      3);  // NOLINT(cert-msc51-cpp,bugprone-random-generator-seed): the same in each run
  for (const int range : {1, 7, 10}) {
    SampleRing ring;
    ring.Resize(2048);
    SlidingAggregate<Trace> aggregate;
    std::uint64_t hint = 0;
    double t = 0;
    double asked = 0;
    for (int i = 0; i < 1000; ++i) {
      t += static_cast<double>(random() % 30) / 10;
      ring.Insert({At(t), static_cast<double>(i)});
      if (random() % 3 == 0) continue;
      asked = std::max(asked, t - static_cast<double>(random() % 20) / 10);
      const UtcTime after = At(asked) - std::chrono::seconds{range};
      const Window window = ring.Between(after, At(asked), hint);
      if (!window.empty()) CHECK(aggregate.Of({window, after, At(asked)}, 0).text == Whole(window));
    }
  }
}

TEST_CASE("Sliding functions: a sample that comes behind what was aggregated counts") {
  RuleWorld world(R"(
groups:
  - {name: slow, interval: 1s, lateness: 5s, rules: [{record: y, expr: x}]}
  - {name: fast, interval: 1s, lateness: 0s, rules: [{record: z, expr: 'sum_over_time(y[10s])'}]}
)");
  world.AdvanceTo(0);
  for (int t = 1; t <= 20; ++t) {
    world.Add(t, "x", 1);
    world.AdvanceTo(t);
  }
  world.Take();
  world.AdvanceTo(21);
  // At 21 the slow group has recorded up to 16: (11, 21] holds 12 … 16.
  double sum = 0;
  for (const Reading& reading : world.Take().recorded) {
    if (reading.series->name == "z") sum = reading.value;
  }
  CHECK(sum == 5);
}

TEST_CASE(
    "Sliding functions: sums keep what cancellation would lose, NaN and infinities are PromQL's") {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  ExpressionWorld world;
  world.Series("x", {}, {1, 1e100, 1, -1e100, 5, kInf, 2, -kInf, 7});
  CHECK(world.Value("sum_over_time(x[4s])", 4) == 2);
  CHECK(world.Value("sum_over_time(x[2s])", 7) == kInf);
  CHECK(std::isnan(world.Value("sum_over_time(x[3s])", 8)));
  CHECK(world.Value("sum_over_time(x[1s])", 9) == 7);
  CHECK(world.Value("max_over_time(x[9s])", 9) == kInf);
  CHECK(world.Value("min_over_time(x[9s])", 9) == -kInf);
  world.Series("hot", {}, {-19, -18.1, -18.5});
  CHECK(world.Value("max_over_time(hot[3s])", 3) == -18.1);
  world.Series("big", {}, {1.7e308, 1.7e308, 1.6e308});
  CHECK(world.Value("avg_over_time(big[3s])", 3) == doctest::Approx(1.6666666666666666e308));
  world.Series("same", {}, std::vector<double>(50, 0.1));
  for (int t = 1; t <= 50; ++t) CHECK(world.Value("stddev_over_time(same[7s])", t) == 0);
}

}  // namespace fleet_edge::rules
