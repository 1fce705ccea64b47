#include "simulators/agents/paced_fleet.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/bytes.h"
#include "core/time.h"
#include "simulators/agents/fleet.h"
#include "simulators/agents/hub_line.h"
#include "simulators/agents/progress.h"
#include "simulators/agents/usage.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::agents {
namespace {

using std::chrono::steady_clock;

// How long the line is listened to before the fleet moves on.
constexpr Duration kListen = Fleet::kStep;

}  // namespace

PacedFleet::PacedFleet(const Options& options, HubLine& line)
    : options_(options),
      line_(line),
      before_(UsageNow()),
      ledger_(options.ledger, simulators::LedgerWriter::Mode::kNew),
      fleet_(options.fleet, line) {
  BeginLedger();
}

void PacedFleet::BeginLedger() {
  const simulators::FleetPlan& plan = options_.fleet.plan;
  ledger_.Append(plan);
  ledger_.Append(simulators::LedgerStart{
      .at = plan.start, .seed = plan.seed, .alerts = options_.judged_alerts});
  ledger_.Flush();
}

PacedFleet::Summary PacedFleet::Run(simulators::StopSignal& stop, Progress& progress) {
  const Usage at_start = UsageNow();
  begin_ = steady_clock::now();
  heard_ = begin_;
  while (!fleet_.done() && !GivesUp()) {
    if (!hurries_ && stop.raised()) {
      hurries_ = true;
      fleet_.EndMeasuring();
    }
    KeepPace(stop);
    fleet_.Step();
    Tell(progress);
  }
  progress.End();
  const Fleet::Counts counts = fleet_.counts();
  ledger_.Append(simulators::LedgerEnd{.at = fleet_.measured_until(),
                                       .messages = counts.readings / simulators::kFleetSeries,
                                       .unacknowledged = {}});
  ledger_.Flush();
  const Usage now = UsageNow();
  return {.counts = counts,
          .line = line_.counts(),
          .simulated = fleet_.elapsed(),
          .took = std::chrono::duration_cast<Duration>(steady_clock::now() - begin_),
          .most_behind = most_behind_,
          .cpu = now.cpu - at_start.cpu,
          .memory = Bytes{now.memory.count - before_.memory.count}};
}

void PacedFleet::KeepPace(simulators::StopSignal& stop) {
  if (options_.speed && !hurries_) {
    const auto due = begin_ + std::chrono::duration_cast<steady_clock::duration>(fleet_.elapsed() /
                                                                                 *options_.speed);
    const auto now = steady_clock::now();
    behind_ = std::max(std::chrono::duration_cast<Duration>(now - due), Duration{});
    most_behind_ = std::max(most_behind_, behind_);
    stop.WaitUntil(due);
    return;
  }
  // Agents that have nothing to do but to wait for the hub, and a hub that has enough to do.
  const std::size_t in_flight = line_.in_flight();
  const bool waits = fleet_.stopped() && in_flight > 0;
  if (waits || in_flight > kLineRecords / 2) line_.Wait(kListen);
}

bool PacedFleet::GivesUp() {
  const auto now = steady_clock::now();
  const std::uint64_t acknowledged = line_.counts().acknowledged;
  if (std::exchange(acknowledged_, acknowledged) != acknowledged || !fleet_.stopped()) heard_ = now;
  return now - heard_ >= options_.patience;
}

void PacedFleet::Tell(Progress& progress) {
  const auto now = steady_clock::now();
  if (!progress.due(now)) return;
  const Fleet::Counts counts = fleet_.counts();
  progress.Show({.done = fleet_.elapsed(),
                 .all = fleet_.length(),
                 .readings = counts.readings,
                 .acknowledged = counts.acknowledged,
                 .waiting = counts.waiting,
                 .behind = behind_,
                 .error = line_.error()},
                now);
}

}  // namespace fleet_edge::agents
