#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "uplink/batch.h"

namespace fleet_edge::uplink {

/// Keeps the books on records: accepted + recovered = acknowledged + queued + dropped, at every
/// moment (I2).
///
/// `queued` is what the books say; the queues themselves are counted by Audit(), and the difference
/// is the residual: not 0 means that somebody lost a record without booking it.
///
/// Owned by App. Any thread; the mutex makes each snapshot one moment.
class Ledger {
 public:
  struct Snapshot {
    std::uint64_t accepted = 0;      ///< since this start
    std::uint64_t recovered = 0;     ///< found in the store at this start
    std::uint64_t acknowledged = 0;  ///< by the hub
    std::uint64_t queued = 0;
    std::map<std::pair<Lane, std::string>, std::uint64_t> dropped;  ///< by lane and reason
    std::int64_t residual = 0;  ///< by the last Audit(): queued − counted

    std::uint64_t dropped_total() const;
  };

  void Accept(std::uint64_t records);
  void Recover(std::uint64_t records);
  void Acknowledge(std::uint64_t records);

  /// `reason`: `quota`, `memory_full`, `handover_full`, `quarantined`, `corrupt`.
  void Drop(Lane lane, std::string_view reason, std::uint64_t records);

  /// Compares the books with what the queues hold at this moment. Precondition: nobody books at the
  /// same time.
  void Audit(std::uint64_t counted);

  Snapshot snapshot() const;

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Snapshot books_;
};

}  // namespace fleet_edge::uplink
