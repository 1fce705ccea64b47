// What a reading costs between the decoder and the sealed batch: windows, rules and encoding.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/pipeline/quality_gate.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"
#include "uplink/batch.h"
#include "uplink/batcher.h"

namespace fleet_edge {
namespace {

constexpr std::array kSignals{"engine_coolant_celsius", "vehicle_speed_kmh", "engine_rpm",
                              "battery_volts", "fuel_percent"};

/// Ten alerts over ten-second windows, evaluated each second, none of which fires.
std::string TenRules() {
  std::string text = "groups:\n- name: bench\n  interval: 1s\n  rules:\n";
  for (const char* const signal : kSignals) {
    for (const char* const function : {"avg", "max"}) {
      text.append("  - alert: ").append(signal).append("_").append(function).append("\n");
      text.append("    expr: ").append(function).append("_over_time(").append(signal);
      text.append(
          "[10s]) > 1e6\n    labels: {severity: info}\n    annotations: {summary: bench}\n");
    }
  }
  return text;
}

/// Readings of `vehicles` vehicles, each signal at 10 Hz, in the order of time.
class Source {
 public:
  explicit Source(SeriesRegistry& registry, int vehicles) {
    for (int vehicle = 0; vehicle < vehicles; ++vehicle) {
      for (const char* const signal : kSignals) {
        series_.push_back(registry.Find(signal, {{"vehicle", std::to_string(vehicle)}}));
      }
    }
  }

  Reading Next() {
    if (at_ == series_.size()) {
      at_ = 0;
      time_ += std::chrono::milliseconds{100};
    }
    const double value = std::round(800 + 100 * std::sin(static_cast<double>(++count_) / 50)) / 10;
    return {.series = series_[at_++], .time = time_, .value = value};
  }

  UtcTime time() const { return time_; }

 private:
  std::vector<const Series*> series_;
  std::size_t at_ = 0;
  std::uint64_t count_ = 0;
  UtcTime time_{std::chrono::seconds{1'700'000'000}};
};

void Windows(benchmark::State& state) {
  SeriesRegistry registry;
  rules::Engine engine(registry, {});
  if (!engine.Load({{"bench.yaml", TenRules()}}).empty()) state.SkipWithError("rules refused");
  Source source(registry, static_cast<int>(state.range(0)));
  rules::Changes changes;
  for (auto _ : state) {
    const Reading reading = source.Next();
    benchmark::DoNotOptimize(engine.Add(reading));
    engine.AdvanceTo(reading.time, changes);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Windows)->Arg(1)->Arg(20);

void Gate(benchmark::State& state) {
  SeriesRegistry registry;
  Counters counters;
  agent::QualityGate gate({}, {"bench"}, counters);
  Source source(registry, 1);
  for (auto _ : state) {
    Reading reading = source.Next();
    gate.Judge(reading, reading.time);
    benchmark::DoNotOptimize(reading);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Gate);

void Encode(benchmark::State& state) {
  SeriesRegistry registry;
  HandClock clock;
  uplink::Batcher batcher({.vehicle = "bench", .epoch = 1, .boot = 1},
                          {.max_age = std::chrono::seconds{10}}, clock);
  Source source(registry, 1);
  std::size_t bytes = 0;
  std::size_t readings = 0;
  for (auto _ : state) {
    batcher.Add(source.Next());
    if (++readings % 1000 != 0) continue;
    const auto batch = batcher.Seal();
    bytes += batch->body.size();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes/reading"] = static_cast<double>(bytes) / static_cast<double>(readings);
}
BENCHMARK(Encode);

/// The whole way from a decoded reading to the sealed batch, ten rules on it; the target is a
/// million a second.
void DecodedToBatch(benchmark::State& state) {
  SeriesRegistry registry;
  HandClock clock;
  rules::Engine engine(registry, {});
  if (!engine.Load({{"bench.yaml", TenRules()}}).empty()) state.SkipWithError("rules refused");
  uplink::Batcher batcher({.vehicle = "bench", .epoch = 1, .boot = 1},
                          {.max_age = std::chrono::seconds{1}}, clock);
  Source source(registry, static_cast<int>(state.range(0)));
  rules::Changes changes;
  for (auto _ : state) {
    const Reading reading = source.Next();
    if (reading.time > clock.Now()) {
      clock.Set(reading.time);
      engine.AdvanceTo(reading.time, changes);
    }
    engine.Add(reading);
    batcher.Add(reading);
    if (batcher.Due() <= clock.Boot()) benchmark::DoNotOptimize(batcher.Seal());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecodedToBatch)->Arg(1)->Arg(20);

}  // namespace
}  // namespace fleet_edge
