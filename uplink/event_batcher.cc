#include "uplink/event_batcher.h"

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {

EventBatcher::EventBatcher(Lane lane, Identity identity, const Clock& clock)
    : lane_(lane), identity_(std::move(identity)), clock_(clock) {
  assert(lane != Lane::kTelemetry);
}

Batch EventBatcher::Seal(fleet::v1::AlertEvent event) {
  assert(lane_ == Lane::kAlert);
  event.set_clock_synced(clock_synced_);
  return SealAs(event);
}

Batch EventBatcher::Seal(fleet::v1::StatusEvent event) {
  assert(lane_ == Lane::kStatus);
  if (event.at_us() == 0) event.set_at_us(clock_.Now().time_since_epoch().count());
  return SealAs(event);
}

fleet::v1::Gap EventBatcher::Skip(std::uint64_t events, std::string_view reason) {
  fleet::v1::Gap gap;
  gap.set_topic(std::string(TopicOf(lane_)));
  gap.set_epoch(identity_.epoch);
  gap.set_from_seq(seq_ + 1);
  gap.set_to_seq(seq_ += events);
  gap.set_records(events);
  gap.set_reason(std::string(reason));
  return gap;
}

template <typename Event>
Batch EventBatcher::SealAs(Event& event) {
  event.set_vehicle(identity_.vehicle);
  event.set_epoch(identity_.epoch);
  event.set_seq(++seq_);
  return {.id = {lane_, identity_.epoch, seq_},
          .count = 1,
          .time = clock_.Now(),
          .accepted = clock_.Boot(),
          .body = event.SerializeAsString()};
}

}  // namespace fleet_edge::uplink
