#pragma once

#include <chrono>
#include <set>

#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"

namespace fleet_edge::uplink {

/// Batches of a request that the hub refused for good. One of them may be to blame for all, so each
/// is sent again in a request of its own, and only one that is refused alone is poison. And it may
/// be the vehicle's clock that is to blame, for hubs refuse records from the future: so each is
/// sent again with the time of a record that the hub has taken. What the record says keeps its own
/// times.
///
/// A part of the Kafka publisher, used on its thread. Holds no more than was in flight at once, in
/// each lane.
class KafkaSuspects {
 public:
  /// The time to send it with.
  UtcTime TimeOf(const Batch& batch) const { return ids_.contains(batch.id) ? taken_ : batch.time; }

  /// What is to be reported of a batch with this outcome, that was sent with `time`, `alone` or
  /// with others.
  Publisher::Outcome Judge(const BatchId& id, UtcTime time, Publisher::Outcome outcome,
                           bool alone) {
    if (outcome == Publisher::Outcome::kAcknowledged) taken_ = time;
    if (outcome == Publisher::Outcome::kPoison && !alone) {
      ids_.insert(id);
      return Publisher::Outcome::kReturned;
    }
    if (outcome != Publisher::Outcome::kReturned) ids_.erase(id);
    return outcome;
  }

  bool empty() const { return ids_.empty(); }

  /// The batch is published: earlier ones of its lane won't come again, since each lane goes in
  /// order.
  void ForgetBefore(const BatchId& id) {
    std::erase_if(ids_, [&](const BatchId& other) { return other.lane == id.lane && other < id; });
  }

  /// Whether the batch must be alone.
  bool Contains(const BatchId& id) const { return ids_.contains(id); }

 private:
  std::set<BatchId> ids_;
  UtcTime taken_{
      std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};  // until one was: long ago
};

}  // namespace fleet_edge::uplink
