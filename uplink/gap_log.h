#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"

namespace fleet_edge::uplink {

// Why batches were dropped: the reason in the ledger, the counters and the gap record.
inline constexpr std::string_view kHandoverFull = "handover_full";  ///< the uplink was behind
inline constexpr std::string_view kMemoryFull = "memory_full";      ///< the store can't commit
inline constexpr std::string_view kQuota = "quota";              ///< the store's quota is used up
inline constexpr std::string_view kQuarantined = "quarantined";  ///< the hub refused it for good
inline constexpr std::string_view kCorrupt = "corrupt";          ///< damaged on disk

/// The record that tells the hub that `batch` will not come.
fleet::v1::Gap GapOf(const Batch& batch, std::string_view reason);

/// Gaps that the hub has not been told of, neighbours merged into one: a week over quota is one
/// record.
///
/// A part of Handover and of Outbox, used under their rules.
class GapLog {
 public:
  GapLog() = default;

  /// Reads what Serialize() wrote; lines that are none are left out.
  explicit GapLog(std::string_view serialized);

  void Add(fleet::v1::Gap gap);

  /// All gaps, oldest first; none are left.
  std::vector<fleet::v1::Gap> Take();

  /// Precondition: it is not empty.
  fleet::v1::Gap TakeOldest();

  std::string Serialize() const;

  std::size_t size() const { return gaps_.size(); }
  bool empty() const { return gaps_.empty(); }

 private:
  std::vector<fleet::v1::Gap> gaps_;
};

}  // namespace fleet_edge::uplink
