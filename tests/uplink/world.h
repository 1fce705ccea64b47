#pragma once

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "fleet/v1/status.pb.h"
#include "tests/support/crashing_store.h"
#include "tests/support/fake_publisher.h"
#include "uplink/batch.h"
#include "uplink/epoch.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/uplink.h"

namespace fleet_edge::uplink {

/// One start of the agent's uplink, on a store and a hub that outlive it.
struct Start {
  Start(Store& store, FakeHub& hub, const HandClock& the_clock, Outbox::Limits limits = {},
        Uplink::Options options = {}, FakePublisher::Bug bug = FakePublisher::Bug::kNone)
      : clock(the_clock),
        epoch(StartEpoch(store, clock, 0)),
        handover(MiB(1), ledger),
        status(Lane::kStatus, {.vehicle = "v", .epoch = epoch, .boot = 1}, clock),
        outbox(store, status, ledger, clock, limits),
        publisher(hub, bug),
        uplink(handover, outbox, publisher, options, clock, [] { return 0.5; }) {
    spdlog::set_level(spdlog::level::off);  // thousands of lives fail on purpose
  }

  /// The next batch of the lane, accepted now.
  Batch Make(Lane lane = Lane::kTelemetry, std::size_t size = 200) {
    const std::uint64_t seq = ++seqs[lane];
    std::string body =
        std::string(ToString(lane)) + "/" + std::to_string(epoch) + "/" + std::to_string(seq) + "/";
    body.resize(std::max(size, body.size()), '.');
    return {.id = {lane, epoch, seq},
            .count = 10,
            .time = clock.Now(),
            .accepted = clock.Boot(),
            .body = std::move(body)};
  }

  /// Makes the next batch and gives it to the outbox directly.
  Batch Offer(Lane lane = Lane::kTelemetry, std::size_t size = 200) {
    Batch batch = Make(lane, size);
    ledger.Accept(batch.count);
    outbox.Offer({batch});
    return batch;
  }

  /// Makes the next batch and hands it over, as the pipeline does.
  Batch Push(Lane lane = Lane::kTelemetry, std::size_t size = 200) {
    Batch batch = Make(lane, size);
    handover.Push(batch);
    return batch;
  }

  /// I2, with the queues counted.
  bool BooksAreRight() {
    handover.Audit(outbox.records());
    const Ledger::Snapshot books = ledger.snapshot();
    return books.residual == 0 && books.accepted + books.recovered ==
                                      books.acknowledged + books.queued + books.dropped_total();
  }

  const HandClock& clock;
  const std::uint64_t epoch;
  Ledger ledger;
  Handover handover;
  EventBatcher status;
  Outbox outbox;
  FakePublisher publisher;
  Uplink uplink;
  std::map<Lane, std::uint64_t> seqs;
};

/// What the hub was told that it will not get.
inline std::vector<fleet::v1::Gap> Gaps(const FakeHub& hub) {
  std::vector<fleet::v1::Gap> gaps;
  for (const Batch& batch : hub) {
    fleet::v1::StatusEvent event;
    const bool is_event = batch.id.lane == Lane::kStatus && event.ParseFromString(batch.body);
    if (is_event && event.has_gap()) gaps.push_back(event.gap());
  }
  return gaps;
}

/// Which of the promises the hub's records break; empty when none. What is not there must be within
/// a gap that was announced.
inline std::vector<std::string> BrokenPromises(const std::vector<Batch>& due, const FakeHub& hub) {
  std::vector<std::string> broken;
  const auto name = [](const BatchId& id) {
    return std::string(ToString(id.lane)) + "/" + std::to_string(id.epoch) + "/" +
           std::to_string(id.seq);
  };
  std::map<BatchId, std::string> first;
  std::map<Lane, BatchId> newest;
  for (const Batch& batch : hub) {
    if (!first.emplace(batch.id, batch.body).second) continue;
    const auto [last, is_first] = newest.try_emplace(batch.id.lane, batch.id);
    if (!is_first && batch.id < last->second)
      broken.push_back("I3: out of order " + name(batch.id));
    last->second = batch.id;
  }
  const auto gaps = Gaps(hub);
  const auto is_announced = [&](const BatchId& id) {
    return std::ranges::any_of(gaps, [&](const fleet::v1::Gap& gap) {
      return gap.topic() == TopicOf(id.lane) && gap.epoch() == id.epoch &&
             gap.from_seq() <= id.seq && id.seq <= gap.to_seq();
    });
  };
  for (const Batch& batch : due) {
    const auto found = first.find(batch.id);
    if (found == first.end()) {
      if (!is_announced(batch.id)) broken.push_back("I1: lost " + name(batch.id));
    } else if (found->second != batch.body) {
      broken.push_back("I5: altered " + name(batch.id));
    }
  }
  return broken;
}

}  // namespace fleet_edge::uplink
