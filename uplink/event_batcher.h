#pragma once

#include <cstdint>
#include <string_view>

#include "core/clock.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {

/// Numbers the events of one lane and seals each as a batch of its own.
///
/// Owned by App, one for each lane: that of alerts is used on the pipeline's thread, that of status
/// events on the uplink's. Borrows `clock`, which outlives it.
class EventBatcher {
 public:
  EventBatcher(Lane lane, Identity identity, const Clock& clock);

  /// Whether the events to come are timed by a clock that agrees with UTC.
  void set_clock_synced(bool synced) { clock_synced_ = synced; }

  /// Fills in vehicle, epoch, seq and clock_synced. Precondition: the lane is kAlert.
  Batch Seal(fleet::v1::AlertEvent event);

  /// Fills in vehicle, epoch and seq, and `at_us` where it is 0; who made the event knows of the
  /// clock. Precondition: the lane is kStatus.
  Batch Seal(fleet::v1::StatusEvent event);

  /// Numbers events that are gone, so that their loss shows as one of batches does. Precondition:
  /// events > 0.
  fleet::v1::Gap Skip(std::uint64_t events, std::string_view reason);

  const Identity& identity() const { return identity_; }

 private:
  template <typename Event>
  Batch SealAs(Event& event);

  const Lane lane_;
  const Identity identity_;
  const Clock& clock_;
  bool clock_synced_ = false;
  std::uint64_t seq_ = 0;
};

}  // namespace fleet_edge::uplink
