// What the outbox hands out to be published.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"

namespace fleet_edge::uplink {
namespace {

TEST_CASE_FIXTURE(World, "Outbox: a lease is bounded in batches too, over all lanes") {
  Start start(store, hub, clock);
  start.Offer(Lane::kAlert);
  for (int n = 0; n < 5; ++n) start.Offer();
  const Outbox::Budget three{.total = MiB(1), .batches = 3, .backlog = {}};
  CHECK(Seqs(start.outbox.Lease(three)) == std::vector<std::uint64_t>{1, 1, 2});
  CHECK(Seqs(start.outbox.Lease(three)) == std::vector<std::uint64_t>{3, 4, 5});
}

}  // namespace
}  // namespace fleet_edge::uplink
