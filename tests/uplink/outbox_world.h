#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "fleet/v1/status.pb.h"
#include "tests/support/crashing_store.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"

namespace fleet_edge::uplink {

inline const Outbox::Budget kAll{.total = MiB(64), .backlog = std::nullopt, .telemetry = true};

inline std::vector<std::uint64_t> Seqs(const std::vector<Outbox::Leased>& leased) {
  std::vector<std::uint64_t> seqs;
  for (const auto& [batch, is_backlog] : leased) seqs.push_back(batch->id.seq);
  return seqs;
}

inline std::vector<BatchId> Ids(const std::vector<Outbox::Leased>& leased) {
  std::vector<BatchId> ids;
  for (const auto& [batch, is_backlog] : leased) ids.push_back(batch->id);
  return ids;
}

/// All of the outbox's batches, in order, however large it is.
inline std::vector<BatchId> Drain(Start& start) {
  std::vector<BatchId> all;
  for (auto leased = start.outbox.Lease(kAll); !leased.empty(); leased = start.outbox.Lease(kAll)) {
    for (const BatchId& id : Ids(leased)) {
      all.push_back(id);
      start.outbox.Complete(id);
    }
  }
  return all;
}

/// The gaps that the outbox announces, once the hub is heard.
inline std::vector<fleet::v1::Gap> AnnouncedGaps(Start& start) {
  std::vector<fleet::v1::Gap> gaps;
  REQUIRE(start.outbox.CommitDue(start.clock.Boot()));
  for (const auto& [batch, is_backlog] :
       start.outbox.Lease({.total = MiB(1), .backlog = {}, .telemetry = false})) {
    fleet::v1::StatusEvent event;
    REQUIRE(event.ParseFromString(batch->body));
    if (event.has_gap()) gaps.push_back(event.gap());
  }
  return gaps;
}

/// What outlives the starts of a test.
struct World {
  CrashingStore store;
  FakeHub hub;
  HandClock clock;
};

}  // namespace fleet_edge::uplink
