#include "agent/pipeline/alert_record.h"

#include "core/time.h"
#include "core/utf8.h"
#include "fleet/v1/alert.pb.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {
namespace {

using Record = fleet::v1::AlertEvent;
using rules::AlertState;

Record::State StateOf(AlertState state) {
  switch (state) {
    case AlertState::kInactive:
      return Record::STATE_INACTIVE;
    case AlertState::kPending:
      return Record::STATE_PENDING;
    case AlertState::kFiring:
      return Record::STATE_FIRING;
    case AlertState::kResolved:
      return Record::STATE_RESOLVED;
  }
  return Record::STATE_UNSPECIFIED;
}

}  // namespace

fleet::v1::AlertEvent AlertRecord(const rules::AlertEvent& event) {
  Record record;
  record.set_alert(event.alert);
  record.set_state(StateOf(event.state));
  record.set_at_us(event.at.time_since_epoch().count());
  record.set_active_since_us(event.active_since.time_since_epoch().count());
  record.set_value(event.value);
  for (const auto& [name, value] : event.labels)
    (*record.mutable_labels())[name] = ValidUtf8(value);
  for (const auto& [name, text] : event.annotations)
    (*record.mutable_annotations())[name] = ValidUtf8(text);
  record.set_notify(event.cooled_down);
  return record;
}

}  // namespace fleet_edge::agent
