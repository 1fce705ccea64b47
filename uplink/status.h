#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"
#include "uplink/ledger.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// What the outbox holds at one moment. A value.
struct OutboxStatus {
  Totals lanes{};  ///< in memory and on disk
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  Bytes bytes;                          ///< of bodies, in memory and on disk
  std::uint64_t committed_records = 0;  ///< of `records`, those that would survive a power cut
  Bytes memory;                         ///< taken by the head
  Bytes disk;                           ///< taken by the tail
  double quota_share = 0;               ///< disk ÷ quota, 0 to 1
  Duration oldest{0};                   ///< age of the oldest batch since it was sealed
  std::uint64_t commits = 0;            ///< transactions since this start
  std::uint64_t failed_commits = 0;
  Duration last_commit{0};  ///< how long the last transaction took
  Bytes written;            ///< to the database and its journal since this start
  std::string error;        ///< why the last commit failed; empty when it did not
};

/// How the hub is reached at one moment. A value.
struct PublisherStatus {
  enum class Link : std::uint8_t { kConnecting, kUp, kDown };

  Link link = Link::kConnecting;
  BootTime since;               ///< when `link` became what it is
  std::uint64_t in_flight = 0;  ///< batches published and not reported
  std::uint64_t sent = 0;       ///< batches handed to the hub's client since this start
  Bytes sent_bytes;             ///< of their bodies, without what Kafka and TCP add
  std::uint64_t returned = 0;   ///< batches that came back undelivered
  std::uint64_t rebuilt = 0;    ///< producers made after a fatal error
  Duration round_trip{0};       ///< of the last acknowledged batch, from publishing on
  Duration unanswered{0};       ///< how long the hub owes an answer; 0 with nothing in flight
  std::string error;            ///< the last one; empty when there was none
};

/// `connecting`, `up`, `down`.
std::string_view ToString(PublisherStatus::Link link);

/// All that the uplink tells of itself. A value.
struct UplinkStatus {
  OutboxStatus outbox;
  PublisherStatus publisher;
  Ledger::Snapshot ledger;
};

}  // namespace fleet_edge::uplink
