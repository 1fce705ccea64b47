#include "agent/pipeline/pipeline.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "agent/pipeline/alert_record.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "rules/alert_event.h"
#include "rules/compiled_rules.h"
#include "rules/engine.h"
#include "uplink/batch.h"

namespace fleet_edge::agent {
namespace {

/// How often the clock and the queue's losses are looked at.
constexpr Duration kLookAfterEvery = std::chrono::seconds{1};

/// To wake for each reading costs more than to judge it. Nothing waits for the rest's end but
/// readings: what is due by the clock, rules above all, ends it.
constexpr Duration kGather = std::chrono::milliseconds{50};
constexpr std::size_t kRound = 1'000;  // readings that end it; of a small queue, a quarter

bool AnyFiring(const std::vector<rules::AlertEvent>& alerts) {
  return std::ranges::any_of(alerts, [](const rules::AlertEvent& event) {
    return event.state == rules::AlertState::kFiring;
  });
}

}  // namespace

Pipeline::Pipeline(Parts parts)
    : parts_(std::move(parts)),
      rule_counters_(parts_.counters),
      clock_steps_(parts_.counters.Get("fleet_edge_clock_steps_total")),
      dropped_(parts_.counters.Get(kInputRejectedTotal, {{"reason", "queue_full"}})),
      look_after_at_(parts_.clock.Boot() + kLookAfterEvery) {}

void Pipeline::Run(const std::stop_token& stop) {
  NoteClock();
  ShowFiring();
  if (parts_.board != nullptr) parts_.board->NoteRules(parts_.judge.engine().rule_count());
  BootTime next = parts_.clock.Boot();
  do {
    next = Step(next, stop);
    if (!incoming_.empty() && !stop.stop_requested()) GatherUntil(next, stop);
  } while (!incoming_.empty() || !stop.stop_requested());
  Finish();
}

BootTime Pipeline::Step(BootTime wait_until, const std::stop_token& stop) {
  incoming_.clear();
  parts_.readings.PopAll(incoming_, wait_until, parts_.clock, stop);
  ReplaceRules();
  TakeReadings();
  AdvanceRules();
  if (const auto due = parts_.batcher.Due(); due && *due <= parts_.clock.Boot()) SealOpenBatch();
  if (parts_.clock.Boot() >= look_after_at_) LookAfter();
  parts_.gate.Publish();
  if (parts_.board != nullptr) parts_.board->Post(parts_.clock.Boot());
  ++turns_;
  return NextDue();
}

void Pipeline::GatherUntil(BootTime due, const std::stop_token& stop) {
  parts_.readings.AwaitMany(std::min(kRound, parts_.readings.capacity() / 4 + 1),
                            std::min(due, parts_.clock.Boot() + kGather), parts_.clock, stop);
}

void Pipeline::TakeReadings() {
  const UtcTime now = parts_.clock.Now();
  const BootTime boot = parts_.clock.Boot();
  for (Reading& reading : incoming_) {
    parts_.judge.Take(reading, now);
    if (parts_.board != nullptr) parts_.board->NoteReading(reading, boot);
    if (parts_.thinning.Sends(reading)) parts_.batcher.Add(reading);
    if (const auto due = parts_.batcher.Due(); due && *due <= boot) SealOpenBatch();
  }
}

void Pipeline::AdvanceRules() {
  changes_.alerts.clear();
  changes_.recorded.clear();
  changes_.failures.clear();
  parts_.judge.engine().AdvanceTo(parts_.clock.Now(), changes_);
  for (const Reading& result : changes_.recorded) parts_.batcher.Add(result);
  if (!changes_.alerts.empty()) TellAlerts(changes_.alerts);
  for (const rules::RuleFailure& failure : changes_.failures) {
    spdlog::warn("{}: rule {} of group {} gave no result at {}: {}", failure.file, failure.rule,
                 failure.group, ToString(failure.at), failure.what);
    if (parts_.board != nullptr) {
      parts_.board->NoteRuleFailure(failure.file + ": rule " + failure.rule + ": " + failure.what);
    }
  }
}

void Pipeline::TellAlerts(const std::vector<rules::AlertEvent>& alerts) {
  if (parts_.notifier != nullptr) {
    for (const rules::AlertEvent& event : alerts) parts_.notifier->Show(event);
  }
  if (parts_.board != nullptr) {
    for (const rules::AlertEvent& event : alerts) parts_.board->NoteAlert(event);
  }
  std::vector<uplink::Batch> batches;
  batches.reserve(alerts.size());
  for (const rules::AlertEvent& event : alerts) {
    batches.push_back(parts_.events.Seal(AlertRecord(event)));
  }
  parts_.handover.Push(std::move(batches), parts_.judge.engine().SaveState());
  if (AnyFiring(alerts)) SealOpenBatch();  // the readings around an accident are worth most
}

void Pipeline::ShowFiring() {
  for (const rules::AlertEvent& event : parts_.judge.engine().Firing()) {
    if (parts_.notifier != nullptr) parts_.notifier->Show(event);
    if (parts_.board != nullptr) parts_.board->NoteAlert(event);
  }
}

void Pipeline::SealOpenBatch() {
  if (auto batch = parts_.batcher.Seal()) parts_.handover.Push(*std::move(batch));
}

void Pipeline::NoteClock() {
  synced_ = parts_.clock_synced && parts_.clock_synced();
  parts_.batcher.set_clock_synced(synced_);
  parts_.events.set_clock_synced(synced_);
}

void Pipeline::LookAfter() {
  look_after_at_ = parts_.clock.Boot() + kLookAfterEvery;
  NoteClock();
  rule_counters_.Publish(parts_.judge.engine().counts());
  CountDropped();
  FollowClockStep();
}

void Pipeline::CountDropped() {
  const std::uint64_t dropped = parts_.readings.dropped();
  if (dropped == dropped_before_) return;
  spdlog::warn(
      "{} readings dropped: more came in than the pipeline takes; raise queue.readings or slow the "
      "sources",
      dropped - dropped_before_);
  dropped_.Add(dropped - std::exchange(dropped_before_, dropped));
}

void Pipeline::FollowClockStep() {
  const auto step = parts_.take_clock_step ? parts_.take_clock_step() : std::nullopt;
  if (!step) return;
  spdlog::warn(
      "the wall clock has stepped by {} s; event time follows, rules begin with empty windows",
      ToSeconds(*step));
  clock_steps_.Add();
  parts_.judge.engine().StartAnew();
  rule_counters_.StartAnew();
  fleet::v1::StatusEvent event;
  event.set_at_us(parts_.clock.Now().time_since_epoch().count());
  event.set_clock_synced(synced_);
  event.mutable_clock_step()->set_step_us(step->count());
  parts_.handover.Report(std::move(event));
}

BootTime Pipeline::NextDue() {
  BootTime next = look_after_at_;
  if (const auto due = parts_.batcher.Due()) next = std::min(next, *due);
  if (parts_.notifier != nullptr) {
    if (const auto due = parts_.notifier->TakeOffDue()) next = std::min(next, *due);
  }
  if (const auto due = parts_.judge.engine().NextDue()) {
    next = std::min(next, parts_.clock.Boot() + (*due - parts_.clock.Now()));
  }
  return next;
}

void Pipeline::Finish() {
  SealOpenBatch();
  if (parts_.judge.engine().rule_count() > 0) {
    parts_.handover.Push({}, parts_.judge.engine().SaveState(rules::Engine::Save::kWindows));
  }
  if (parts_.notifier != nullptr) parts_.notifier->TakeOffResolved();
  parts_.gate.Publish();
}

void Pipeline::Reload(rules::CompiledRules rules) {
  {
    const std::lock_guard lock(reload_mutex_);
    reload_ = std::move(rules);
  }
  parts_.readings.Wake();
}

void Pipeline::ReplaceRules() {
  std::optional<rules::CompiledRules> rules;
  {
    const std::lock_guard lock(reload_mutex_);
    rules.swap(reload_);
  }
  if (!rules) return;
  parts_.judge.engine().Adopt(*std::move(rules));
  if (parts_.board != nullptr) parts_.board->NoteRules(parts_.judge.engine().rule_count());
  spdlog::info("{} rules reloaded", parts_.judge.engine().rule_count());
}

}  // namespace fleet_edge::agent
