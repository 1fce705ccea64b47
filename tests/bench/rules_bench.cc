// What rules cost: a sliding window by function and length, ten thousand rules, a vehicle's twenty.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"

namespace fleet_edge::rules {
namespace {

constexpr UtcTime kStart{std::chrono::seconds{1'700'000'000}};

double Value(std::uint64_t count) { return 80 + std::sin(static_cast<double>(count) / 50); }

/// A sample each 10 ms and an instant for each: what one window of `range` samples costs for each
/// new sample, beside an engine that is fed but asks nothing of its window.
void SlidingWindow(benchmark::State& state, const std::string& function) {
  SeriesRegistry registry;
  Engine engine(registry, {.interval = std::chrono::milliseconds{10}, .lateness = Duration{0}});
  const std::string range = "[" + std::to_string(state.range(0) * 10) + "ms]";
  const std::string rule =
      "groups: [{name: g, rules: [{alert: A, expr: '" + function + "(x" + range + ") > 1e6'}]}]";
  if (!engine.Load({{"bench.yaml", rule}}).empty()) state.SkipWithError("rules refused");
  const Series* const x = registry.Find("x", {});
  Changes changes;
  UtcTime time = kStart;
  std::uint64_t count = 0;
  const auto step = [&] {
    time += std::chrono::milliseconds{10};
    engine.Add({x, time, Value(++count), Quality::kGood});
    engine.AdvanceTo(time, changes);
  };
  for (std::int64_t i = 0; i < state.range(0) * 2; ++i) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(SlidingWindow, count, "count_over_time")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(SlidingWindow, avg, "avg_over_time")->Arg(10)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK_CAPTURE(SlidingWindow, sum, "sum_over_time")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(SlidingWindow, min, "min_over_time")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(SlidingWindow, max, "max_over_time")->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(SlidingWindow, stddev, "stddev_over_time")->Arg(100)->Arg(10'000);

/// Distinct alerts on 200 series, each with a label and a summary.
std::string ManyRules(int rules) {
  std::string text = "groups:\n- name: many\n  interval: 10s\n  lateness: 0s\n  rules:\n";
  for (int i = 0; i < rules; ++i) {
    const std::string zone = std::to_string(i % 200);
    text += "  - alert: Hot" + std::to_string(i) +
            "\n    expr: avg_over_time(cargo_celsius{zone=\"" + zone + "\"}[10s]) > " +
            std::to_string(100 + i) +
            "\n    labels: {severity: warning}\n    annotations: {summary: 'Zone {{ "
            "$labels.zone }} at {{ $value }}'}\n";
  }
  return text;
}

void LoadTenThousandRules(benchmark::State& state) {
  const std::string text = ManyRules(10'000);
  double bytes = 0;
  for (auto _ : state) {
    SeriesRegistry registry;
    const std::size_t before = mallinfo2().uordblks;
    Engine engine(registry, {});
    if (!engine.Load({{"many.yaml", text}}).empty()) state.SkipWithError("rules refused");
    bytes = static_cast<double>(mallinfo2().uordblks - before);
  }
  state.counters["MB"] = bytes / 1e6;
  state.counters["bytes/rule"] = bytes / 10'000;
}
BENCHMARK(LoadTenThousandRules)->Unit(benchmark::kMillisecond);

void TenThousandRulesInstant(benchmark::State& state) {
  SeriesRegistry registry;
  Engine engine(registry, {});
  if (!engine.Load({{"many.yaml", ManyRules(10'000)}}).empty())
    state.SkipWithError("rules refused");
  Changes changes;
  UtcTime time = kStart;
  for (auto _ : state) {
    state.PauseTiming();
    for (int zone = 0; zone < 200; ++zone) {
      const Series* const series = registry.Find("cargo_celsius", {{"zone", std::to_string(zone)}});
      for (int i = 1; i <= 10; ++i) {
        engine.Add({series, time + std::chrono::seconds{i}, 20, Quality::kGood});
      }
    }
    time += std::chrono::seconds{10};
    state.ResumeTiming();
    engine.AdvanceTo(time, changes);
  }
}
BENCHMARK(TenThousandRulesInstant)->Unit(benchmark::kMillisecond);

/// 20 series at 100 Hz, a rule on each over ten seconds, evaluated each second.
void TwentySeriesTwentyRules(benchmark::State& state) {
  SeriesRegistry registry;
  Engine engine(registry, {});
  static constexpr std::array kFunctions{"avg", "max", "min", "sum", "stddev"};
  std::string text = "groups:\n- name: g\n  interval: 1s\n  rules:\n";
  std::vector<const Series*> series;
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string name = "signal_" + std::to_string(i);
    series.push_back(registry.Find(name, {}));
    text += "  - {alert: A" + std::to_string(i) + ", expr: '" + kFunctions.at(i % 5) +
            "_over_time(" + name + "[10s]) > 1e6'}\n";
  }
  if (!engine.Load({{"bench.yaml", text}}).empty()) state.SkipWithError("rules refused");
  Changes changes;
  UtcTime time = kStart;
  std::size_t next = 0;
  std::uint64_t count = 0;
  for (auto _ : state) {
    engine.Add({series[next], time, Value(++count), Quality::kGood});
    if (++next < series.size()) continue;
    next = 0;
    time += std::chrono::milliseconds{10};
    engine.AdvanceTo(time, changes);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TwentySeriesTwentyRules);

}  // namespace
}  // namespace fleet_edge::rules
