#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/pipeline/display.h"
#include "agent/pipeline/judge.h"
#include "agent/pipeline/notifier.h"
#include "agent/pipeline/pipeline.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/pipeline/thinning.h"
#include "core/bounded_queue.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "rules/compiled_rules.h"
#include "uplink/batch.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/ledger.h"

namespace fleet_edge::agent {

using std::chrono::seconds;
using uplink::Lane;

inline constexpr const char* kHot = R"(groups:
- name: engine
  interval: 1s
  lateness: 500ms
  rules:
  - alert: Hot
    expr: avg_over_time(engine_coolant_celsius[10s]) > 105
    notify: [driver, fleet]
    labels: {severity: critical}
  - record: engine:coolant:max10s
    expr: max_over_time(engine_coolant_celsius[10s])
)";

/// A clock whose UTC the test sets while the time of the boot goes on.
class SteppingClock : public Clock {
 public:
  UtcTime Now() const override { return hand_.Now() + offset_; }
  BootTime Boot() const override { return hand_.Boot(); }

  void Advance(Duration by) { hand_.Advance(by); }
  void StepBy(Duration step) { offset_ += step; }

 private:
  HandClock hand_{UtcTime{seconds{1'700'000'000}}};
  Duration offset_{0};
};

/// Calls `on_put` while the alert is being shown.
class ProbedDisplay : public Display {
 public:
  bool Put(const std::string& topic, const std::string& /*payload*/) override {
    topics.push_back(topic);
    if (on_put) on_put();
    return true;
  }
  std::vector<std::string> topics;
  std::function<void()> on_put;
};

/// The pipeline between a queue that the test fills and a handover that it empties.
struct World {
  explicit World(std::size_t queue = 1000) : readings(queue, WhenFull::kDropOldestAndCount) {
    const Diagnostics findings = judge.engine().Load({{"hot.yaml", kHot}});
    REQUIRE(findings.empty());
  }

  SteppingClock clock;
  Counters counters;
  SeriesRegistry series;
  BoundedQueue<Reading> readings;
  QualityGate gate{{}, {"probes"}, counters};
  Judge judge{gate, series, {.external = {.labels = {{"vehicle", "tanker-1"}}}}};
  uplink::Identity identity{.vehicle = "tanker-1", .epoch = 7, .boot = 1};
  Thinning thinning{{}, counters};
  uplink::Ledger ledger;
  uplink::Batcher batcher{identity, {}, clock};
  uplink::EventBatcher events{Lane::kAlert, identity, clock};
  uplink::Handover handover{MiB(4), ledger};
  ProbedDisplay display;
  Notifier notifier{
      {.topic = "alerts", .vehicle_labels = {{"vehicle", "tanker-1"}}}, display, counters, clock};
  std::optional<Duration> clock_step;
  bool synced = false;
  Pipeline pipeline{{.readings = readings,
                     .gate = gate,
                     .judge = judge,
                     .notifier = &notifier,
                     .thinning = thinning,
                     .batcher = batcher,
                     .events = events,
                     .handover = handover,
                     .counters = counters,
                     .clock = clock,
                     .take_clock_step =
                         [this] {
                           if (clock_step) clock.StepBy(*clock_step);
                           return std::exchange(clock_step, std::nullopt);
                         },
                     .clock_synced = [this] { return synced; }}};

  void Reload(const std::string& text) {
    rules::CompiledRules rules({{"hot.yaml", text}}, {}, judge.engine().options());
    REQUIRE(rules.findings().empty());
    pipeline.Reload(std::move(rules));
  }

  void Push(double coolant, Duration age = Duration{0}) {
    readings.Push({.series = series.Find("engine_coolant_celsius", {}),
                   .time = clock.Now() - age,
                   .value = coolant,
                   .driver = 1});
  }

  BootTime Step() { return pipeline.Step(clock.Boot(), {}); }

  /// A reading a second, and a round after each.
  void Drive(int seconds_long, double coolant) {
    for (int i = 0; i < seconds_long; ++i) {
      Push(coolant);
      clock.Advance(seconds{1});
      Step();
    }
  }

  std::vector<uplink::Batch> Taken(Lane lane) {
    for (uplink::Batch& batch : handover.Take().batches) taken.push_back(std::move(batch));
    std::vector<uplink::Batch> of_lane;
    std::ranges::copy_if(taken, std::back_inserter(of_lane),
                         [&](const uplink::Batch& batch) { return batch.id.lane == lane; });
    return of_lane;
  }

  /// `pending firing resolved`, as the hub gets them.
  std::string States() {
    std::string states;
    for (const uplink::Batch& batch : Taken(Lane::kAlert)) {
      fleet::v1::AlertEvent event;
      REQUIRE(event.ParseFromString(batch.body));
      states += fleet::v1::AlertEvent::State_Name(event.state()).substr(6) + " ";
    }
    return states;
  }

  std::uint64_t TelemetryRecords() {
    std::uint64_t records = 0;
    for (const uplink::Batch& batch : Taken(Lane::kTelemetry)) records += batch.count;
    return records;
  }

  std::vector<uplink::Batch> taken;
};

}  // namespace fleet_edge::agent
