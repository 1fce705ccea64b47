#include "uplink/uplink.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/section.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "uplink/backoff.h"
#include "uplink/batch.h"
#include "uplink/handover.h"
#include "uplink/outbox.h"
#include "uplink/outbox_window.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The publisher wants to be polled this often, whatever happens.
constexpr Duration kIdle = seconds{1};

constexpr Duration kFirstWait = milliseconds{500};
constexpr Duration kLongestWait = seconds{30};

// Leased at once: what the publisher's full queue hands back stays small.
constexpr Bytes kLease = KiB(256);
constexpr std::size_t kLeaseBatches = 64;

// How long someone who looks at the outbox waits for the worker.
constexpr Duration kPatience = milliseconds{800};

// How long the orderly end waits for the hub.
constexpr Duration kLastFlush = milliseconds{500};

}  // namespace

Uplink::Uplink(Handover& handover, Outbox& outbox, Publisher& publisher, Options options,
               const Clock& clock, std::function<double()> random)
    : handover_(handover),
      outbox_(outbox),
      window_([&handover] { handover.Wake(); }),
      publisher_(publisher),
      options_(options),
      clock_(clock),
      backoff_(kFirstWait, kLongestWait, std::move(random)),
      backlog_(options.backlog_rate, clock.Boot()),
      next_telemetry_(clock.Boot()),
      hold_until_(clock.Boot()) {
  publisher_.SetWake([&handover] { handover.Wake(); });
  PublishStatus();
}

void Uplink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) handover_.WaitUntil(Step(), clock_, stop);
  Finish();
}

BootTime Uplink::Step() {
  const BootTime now = clock_.Boot();
  TakeHandover();
  HandleReports(publisher_.Poll(), now);
  NoteCommit(outbox_.CommitDue(now));
  const BootTime send = Send(now);
  window_.Serve(outbox_);
  PublishStatus();
  ++turns_;
  // Asked for last: what was read from disk may have shown damage, and what is there is due then.
  return std::min({now + kIdle, outbox_.NextDue(), send});
}

void Uplink::Finish() {
  const BootTime now = clock_.Boot();
  TakeHandover();
  HandleReports(publisher_.Poll(), now);
  next_telemetry_ = now;
  Send(now);
  // Before the flush: what is due while it lasts would come late, and whoever loses patience with
  // this end may kill it. NoteCommit() tells of a failure.
  NoteCommit(outbox_.CommitAtEnd());
  HandleReports(publisher_.Close(kLastFlush), clock_.Boot());
  if (const auto done = outbox_.CommitAtEnd(); !done) {
    spdlog::error("outbox: can't commit at the end: {}. {} records that were not on disk are lost",
                  done.error().message, outbox_.records() - outbox_.status().committed_records);
  }
  PublishStatus();
}

void Uplink::TakeHandover() {
  Handover::Load load = handover_.Take();
  for (const fleet::v1::Gap& gap : load.gaps) outbox_.NoteDropped(gap, load.gaps_since);
  if (load.dropped_reports > 0) outbox_.NoteDroppedEvents(load.dropped_reports);
  for (fleet::v1::StatusEvent& report : load.reports) outbox_.Announce(std::move(report));
  outbox_.Offer(std::move(load.batches), std::move(load.alert_state));
}

void Uplink::HandleReports(const std::vector<Publisher::Report>& reports, BootTime now) {
  bool came_back = false;
  for (const Publisher::Report& report : reports) {
    in_flight_ -= std::min<std::uint64_t>(in_flight_, 1);
    switch (report.outcome) {
      case Publisher::Outcome::kAcknowledged:
        outbox_.Complete(report.id);
        backoff_.Reset();
        break;
      case Publisher::Outcome::kReturned:
        outbox_.Return(report.id);
        came_back = true;
        break;
      case Publisher::Outcome::kPoison:
        outbox_.Quarantine(report.id, report.reason);
        break;
    }
  }
  if (came_back) BackOff(now);
}

void Uplink::BackOff(BootTime now) {
  // What comes back with one failure is one failure.
  if (now >= hold_until_) hold_until_ = now + backoff_.Next();
  in_order_ = false;
}

void Uplink::NoteCommit(const Result<void>& done) {
  if (!done && !commit_fails_) {
    spdlog::error("outbox: can't commit: {}. Going on in memory, trying again",
                  done.error().message);
  } else if (done && commit_fails_ && outbox_.status().error.empty()) {
    spdlog::info("outbox: commits again");
  } else if (done) {
    return;  // nothing was due, or all is well
  }
  commit_fails_ = !done;
}

BootTime Uplink::Send(BootTime now) {
  const BootTime never = BootTime::max();
  // A batch that came back goes before those that were published after it (I3): first all reports
  // must be in. The publisher wakes us.
  if (!in_order_ && in_flight_ > 0) return never;
  in_order_ = true;
  if (now < hold_until_) return hold_until_;

  // Never longer than send_every from its acceptance on: to wait for its sealing and then as long
  // again would break durable_within, and cost a commit.
  BootTime telemetry_at = next_telemetry_;
  if (const auto accepted = outbox_.TelemetryAccepted()) {
    telemetry_at = std::min(telemetry_at, *accepted + options_.send_every);
  }
  const bool telemetry = now >= telemetry_at;
  bool more = true;
  while (more) {
    const auto backlog = backlog_.Available(now);
    more = PublishLease({.total = kLease,
                         .batches = kLeaseBatches,
                         .backlog = backlog,
                         .telemetry = telemetry,
                         .live_share = options_.live_share},
                        now);
  }
  if (now < hold_until_) return hold_until_;
  if (!outbox_.HasTelemetry()) return never;
  if (!telemetry) return telemetry_at;
  // Else what is in flight is all that may be: a report wakes us.
  return backlog_.NextAt(now) > now ? backlog_.NextAt(now) : never;
}

bool Uplink::PublishLease(const Outbox::Budget& budget, BootTime now) {
  std::vector<BatchId> unsent;
  std::vector<std::pair<BatchId, std::string>> poison;
  std::optional<Error::Code> refused;
  bool sent_telemetry = false;
  const auto leased = outbox_.Lease(budget);
  for (const auto& [batch, is_backlog] : leased) {
    const auto done = refused ? Result<void>(Error{*refused, {}}) : publisher_.Publish(*batch);
    if (done) {
      ++in_flight_;
      sent_telemetry |= batch->id.lane == Lane::kTelemetry;
      if (is_backlog) backlog_.Spend({batch->body.size()});
    } else if (done.error().code == Error::Code::kDrop) {
      poison.emplace_back(batch->id, done.error().message);
    } else {
      refused = done.error().code;
      unsent.push_back(batch->id);
    }
  }
  for (const BatchId& id : unsent) outbox_.Return(id);
  for (const auto& [id, reason] : poison) outbox_.Quarantine(id, reason);
  // A full queue empties itself; its reports wake us.
  if (refused && *refused != Error::Code::kFull) BackOff(now);
  if (sent_telemetry && !outbox_.HasTelemetry()) next_telemetry_ = now + options_.send_every;
  return !leased.empty() && !refused;
}

Result<Outbox::Page> Uplink::Look(const OutboxWindow::Question& question) {
  return window_.Ask(question, kPatience);
}

void Uplink::PublishStatus() {
  handover_.Audit(outbox_.records());
  UplinkStatus status{.outbox = outbox_.status(),
                      .publisher = publisher_.status(),
                      .ledger = outbox_.ledger().snapshot()};
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

UplinkStatus Uplink::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Describe(Section& section, Uplink::Options& options) {
  section.Key("send_every", options.send_every,
              "Telemetry is gathered this long and sent in one request; alerts and status go at "
              "once. 0: everything at once.");
  section.Key("backlog_rate", options.backlog_rate,
              "Bytes a second at which telemetry that waited on disk is sent. 0: as fast as the "
              "link takes it.");
  section
      .Key("live_share", options.live_share,
           "While telemetry waits on disk, the share of its bytes, 0 to 0.9, that goes to the "
           "newest; the rest goes oldest first. 0: all in order.")
      .Between(0, 0.9);
  if (!section.reading()) return;
  if (!(options.live_share >= 0 && options.live_share <= 0.9)) {
    section.Fail("live_share", "a backlog must drain, too", "Write a number from 0 to 0.9");
  }
}

}  // namespace fleet_edge::uplink
