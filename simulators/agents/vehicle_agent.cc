#include "simulators/agents/vehicle_agent.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "agent/config/findings.h"
#include "agent/pipeline/pipeline.h"
#include "core/bounded_queue.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/time.h"
#include "core/version.h"
#include "fleet/v1/status.pb.h"
#include "simulators/agents/hub_line.h"
#include "uplink/batch.h"
#include "uplink/identity.h"
#include "uplink/outbox.h"

namespace fleet_edge::agents {
namespace {

using std::chrono::seconds;

constexpr std::size_t kQueue = 1'000;  // readings; a turn takes all of them

// What the agent keeps in memory of what waits; the rest rests in the store.
constexpr Bytes kHead = KiB(16);

/// docs/benchmarks.md, "On the link": batches as large as send_every want a promise that is a
/// little longer.
uplink::Outbox::Limits LimitsOf(const Shared& shared) {
  const Duration more = std::max<Duration>(seconds{1}, shared.send_every / 5);
  return {.durable_within = shared.send_every + more, .memory = kHead, .quota = shared.outbox};
}

}  // namespace

VehicleAgent::VehicleAgent(Shared& shared, const uplink::Identity& identity)
    : readings_(kQueue, WhenFull::kDropOldestAndCount),
      judge_(shared.gate, shared.series, {.external = {.labels = {{"vehicle", identity.vehicle}}}}),
      store_(shared.outbox),
      batcher_(identity, {.max_age = shared.send_every}, shared.clock),
      alert_events_(uplink::Lane::kAlert, identity, shared.clock),
      handover_(kHead, ledger_),
      pipeline_({.readings = readings_,
                 .gate = shared.gate,
                 .judge = judge_,
                 .notifier = nullptr,
                 .thinning = shared.thinning,
                 .batcher = batcher_,
                 .events = alert_events_,
                 .handover = handover_,
                 .counters = shared.counters,
                 .clock = shared.clock,
                 .take_clock_step = {},
                 .clock_synced = [] { return true; }}),
      status_events_(uplink::Lane::kStatus, identity, shared.clock),
      outbox_(store_, status_events_, ledger_, shared.clock, LimitsOf(shared)),
      link_(shared.line, identity.vehicle),
      uplink_(handover_, outbox_, link_, {.send_every = shared.send_every}, shared.clock,
              shared.random),
      clock_(shared.clock) {
  const Diagnostics findings = judge_.engine().Load(shared.rules);
  if (HasErrors(findings)) throw std::runtime_error(agent::ListFindings(findings));
  fleet::v1::StatusEvent birth;
  birth.set_clock_synced(true);
  birth.mutable_birth()->set_version(std::string(kVersion) + " (simulated)");
  handover_.Report(std::move(birth));
}

void VehicleAgent::Turn(std::span<Reading> readings) {
  readings_.PushAll(readings);
  pipeline_.Step(clock_.Boot(), {});
  uplink_.Step();
}

void VehicleAgent::Stop() {
  pipeline_.Finish();
  fleet::v1::StatusEvent death;
  death.set_clock_synced(true);
  death.mutable_death()->set_reason("the simulation is over");
  handover_.Report(std::move(death));
}

}  // namespace fleet_edge::agents
