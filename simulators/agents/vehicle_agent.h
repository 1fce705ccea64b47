#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "agent/pipeline/judge.h"
#include "agent/pipeline/pipeline.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/pipeline/thinning.h"
#include "core/bounded_queue.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/rule_text.h"
#include "simulators/agents/hub_line.h"
#include "simulators/agents/memory_store.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/uplink.h"

namespace fleet_edge::agents {

/// What all agents of a fleet share. Outlives them.
struct Shared {
  const Clock& clock;
  HubLine& line;
  std::vector<rules::RuleText> rules;
  Duration send_every = std::chrono::seconds{10};
  Bytes outbox = MiB(1);           ///< of each agent: for what is sealed and not acknowledged
  std::function<double()> random;  ///< numbers in [0, 1), for the waits after a failure
  SeriesRegistry series{};
  Counters counters{};
  agent::QualityGate gate{{}, {"sensors"}, counters};
  agent::Thinning thinning{{}, counters};
};

/// The agent of one vehicle: App's parts in App's order, from the queue of readings to the
/// publisher, without threads, disk, drivers and display.
///
/// One thread, which cranks it. Borrows `shared`.
class VehicleAgent {
 public:
  /// Throws std::runtime_error when the rules have mistakes.
  VehicleAgent(Shared& shared, const uplink::Identity& identity);

  /// One turn of the pipeline and one of the uplink, with what the sensors have measured.
  void Turn(std::span<Reading> readings);

  /// The sensors measure no more: seals what is open, and says goodbye.
  void Stop();

  /// Records that the hub has not acknowledged.
  std::uint64_t waiting() const { return outbox_.records(); }

  const uplink::Ledger& ledger() const { return ledger_; }

 private:
  BoundedQueue<Reading> readings_;
  agent::Judge judge_;
  MemoryStore store_;
  uplink::Ledger ledger_;
  uplink::Batcher batcher_;
  uplink::EventBatcher alert_events_;
  uplink::Handover handover_;
  agent::Pipeline pipeline_;
  uplink::EventBatcher status_events_;
  uplink::Outbox outbox_;
  HubLine::Link link_;
  uplink::Uplink uplink_;
  const Clock& clock_;
};

}  // namespace fleet_edge::agents
