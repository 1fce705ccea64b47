#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "agent/pipeline/judge.h"
#include "agent/pipeline/pipeline.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/pipeline/thinning.h"
#include "core/bounded_queue.h"
#include "core/bytes.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/hub.h"
#include "tests/simulation/model.h"
#include "tests/simulation/simulated_store.h"
#include "tests/simulation/world.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/uplink.h"

namespace fleet_edge::simulation {

/// One start of the agent, from the readings' queue to the hub: the real parts, as App puts them
/// together, on one thread. Between pipeline and uplink the model looks at what goes by.
class AgentStart {
 public:
  AgentStart(World& world, Disk& disk, Hub& hub, Model& model);

  /// A reading comes from a sensor.
  void Measure(const std::string& signal, double value, UtcTime time);

  /// The pipeline works; returns when it wants to be called next.
  Duration StepPipeline();

  /// The uplink works; likewise.
  Duration StepUplink();

  /// As App stops: nothing may be left in between.
  void Finish();

  /// The wall clock has stepped; the pipeline finds out by itself.
  void StepClock(Duration by) { clock_step_ = clock_step_.value_or(Duration{0}) + by; }

  SimulatedPublisher& publisher() { return publisher_; }

  /// The doorbell was rung since the last StepUplink().
  bool rung() const { return rung_; }

  /// Finish() has begun: neither sensors nor the pipeline work any more.
  bool ends() const { return ends_; }

  std::uint64_t queued() const { return outbox_.records(); }

 private:
  void Report(fleet::v1::StatusEvent event);
  void Tap();
  Duration Elapsed(BootTime time) const;

  World& world_;
  Model& model_;
  uplink::Ledger tapped_;
  uplink::Ledger ledger_;
  Counters counters_;
  SeriesRegistry series_;
  std::optional<Duration> clock_step_;
  bool rung_ = true;
  bool ends_ = false;

  BoundedQueue<Reading> readings_;
  agent::QualityGate gate_;
  agent::Judge judge_;
  agent::Thinning thinning_;
  SimulatedStore store_;
  const uplink::Identity identity_;
  uplink::Batcher batcher_;
  uplink::EventBatcher events_;
  uplink::Handover tap_;
  uplink::Handover handover_;
  agent::Pipeline pipeline_;
  uplink::EventBatcher status_;
  uplink::Outbox outbox_;
  SimulatedPublisher publisher_;
  uplink::Uplink uplink_;

  std::deque<Model::Reading> measured_;  // in readings_
  std::uint64_t dropped_ = 0;            // by readings_
};

}  // namespace fleet_edge::simulation
