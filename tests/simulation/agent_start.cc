#include "tests/simulation/agent_start.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/bounded_queue.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/hub.h"
#include "tests/simulation/model.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/epoch.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/store.h"

namespace fleet_edge::simulation {
namespace {

using std::chrono::seconds;
using uplink::Lane;

constexpr const char* kRules = R"(groups:
- name: engine
  interval: 1s
  rules:
  - alert: Hot
    expr: engine_coolant_celsius > 110
)";

constexpr Bytes kEndless = MiB(1'024);

uplink::Identity MakeIdentity(World& world, uplink::Store& store) {
  const std::string stored = store.Meta(uplink::kEpochKey).value_or("0");
  const std::uint64_t last = std::stoull(stored);
  const auto random = static_cast<std::uint32_t>(world.chance.Below(1U << 20U));
  const std::uint64_t epoch = uplink::StartEpoch(store, world.clock, random);
  world.trace.Say("START, epoch {}", epoch);
  if (!world.starts.emplace(epoch, world.starts.size()).second || epoch <= last) {
    world.Break("I3: epoch " + std::to_string(epoch) + " is not greater than the last one stored");
  }
  return {.vehicle = "v", .epoch = epoch, .boot = 1};
}

}  // namespace

AgentStart::AgentStart(World& world, Disk& disk, Hub& hub, Model& model)
    : world_(world),
      model_(model),
      readings_(world.scenario.readings_queue, WhenFull::kDropOldestAndCount),
      gate_({}, {"simulated"}, counters_),
      judge_(gate_, series_, {}),
      thinning_({}, counters_),
      store_(world, disk),
      identity_(MakeIdentity(world, store_)),
      batcher_(identity_, world.scenario.batch, world.clock),
      events_(Lane::kAlert, identity_, world.clock),
      tap_(kEndless, tapped_),
      handover_(world.scenario.handover, ledger_),
      pipeline_({.readings = readings_,
                 .gate = gate_,
                 .judge = judge_,
                 .notifier = nullptr,
                 .thinning = thinning_,
                 .batcher = batcher_,
                 .events = events_,
                 .handover = tap_,
                 .counters = counters_,
                 .clock = world.clock,
                 .take_clock_step =
                     [this] {
                       if (clock_step_) world_.clock.StepBy(*clock_step_);
                       return std::exchange(clock_step_, std::nullopt);
                     },
                 .clock_synced = {}}),
      status_(Lane::kStatus, identity_, world.clock),
      outbox_(store_, status_, ledger_, world.clock, world.scenario.limits),
      publisher_(world, hub),
      uplink_(handover_, outbox_, publisher_, world.scenario.options, world.clock,
              [&world] { return world.chance.Share(); }) {
  world_.ending.reset();
  if (HasErrors(judge_.engine().Load({{"rules.yaml", kRules}}))) world_.Break("rules");
  if (const auto state = store_.Meta(uplink::kAlertStateKey)) {
    if (!judge_.engine().RestoreState(*state)) world_.Break("I5: alert state can't be read");
  }
  publisher_.SetWake([this] {
    rung_ = true;
    handover_.Wake();
  });
  fleet::v1::StatusEvent birth;
  birth.mutable_birth()->set_version("simulated");
  Report(std::move(birth));
}

void AgentStart::Measure(const std::string& signal, double value, UtcTime time) {
  measured_.push_back({.signal = signal, .value = value, .time = time});
  readings_.Push({.series = series_.Find(signal, {}), .time = time, .value = value, .driver = 1});
}

Duration AgentStart::StepPipeline() {
  for (; dropped_ < readings_.dropped(); ++dropped_) measured_.pop_front();
  for (Model::Reading& reading : measured_) {
    reading.accepted = world_.clock.elapsed();
    model_.Accept(std::move(reading));
  }
  measured_.clear();
  const BootTime next = pipeline_.Step(world_.clock.Boot(), {});
  Tap();
  return Elapsed(next);
}

void AgentStart::Tap() {
  uplink::Handover::Load load = tap_.Take();
  std::vector<uplink::Batch> alerts;
  for (uplink::Batch& batch : load.batches) {
    model_.Seal(batch);
    rung_ = true;
    if (batch.id.lane == Lane::kAlert) {
      alerts.push_back(std::move(batch));
    } else {
      handover_.Push(std::move(batch));
    }
  }
  if (load.alert_state) {
    rung_ = true;
    handover_.Push(std::move(alerts), *load.alert_state);
  }
  for (fleet::v1::StatusEvent& report : load.reports) Report(std::move(report));
}

void AgentStart::Report(fleet::v1::StatusEvent event) {
  rung_ = true;
  handover_.Report(std::move(event));
}

Duration AgentStart::StepUplink() {
  rung_ = false;
  const Duration began = world_.clock.elapsed();
  const BootTime next = uplink_.Step();
  model_.CheckTurn(uplink_.status(), began);
  return Elapsed(next);
}

void AgentStart::Finish() {
  world_.trace.Say("STOP");
  world_.ending = world_.clock.elapsed();
  StepPipeline();
  pipeline_.Finish();
  Tap();
  ends_ = true;
  fleet::v1::StatusEvent death;
  death.mutable_death()->set_reason("stopped");
  Report(std::move(death));
  uplink_.Finish();
  model_.CheckEnd();
}

Duration AgentStart::Elapsed(BootTime time) const {
  if (time == BootTime::max()) return Duration::max();
  return world_.clock.elapsed() + (time - world_.clock.Boot());
}

}  // namespace fleet_edge::simulation
