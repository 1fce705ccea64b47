#include "agent/pipeline/alert_record.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

TEST_CASE("AlertRecord: everything that the hub is to know is carried over") {
  const rules::AlertEvent event{.alert = "Hot",
                                .state = rules::AlertState::kFiring,
                                .at = UtcTime{std::chrono::seconds{1'700'000'010}},
                                .active_since = UtcTime{std::chrono::seconds{1'700'000'000}},
                                .value = 106.5,
                                .labels = {{"severity", "critical"}, {"zone", "1"}},
                                .annotations = {{"summary", "Coolant at 107 °C"}},
                                .notify = {"driver"},
                                .cooled_down = false};
  const fleet::v1::AlertEvent record = AlertRecord(event);
  CHECK(record.alert() == "Hot");
  CHECK(record.state() == fleet::v1::AlertEvent::STATE_FIRING);
  CHECK(record.at_us() == 1'700'000'010'000'000);
  CHECK(record.active_since_us() == 1'700'000'000'000'000);
  CHECK(record.value() == 106.5);
  CHECK(record.labels().size() == 2);
  CHECK(record.labels().at("zone") == "1");
  CHECK(record.annotations().at("summary") == "Coolant at 107 °C");
  CHECK_FALSE(record.notify());
}

TEST_CASE("AlertRecord: a byte that is no UTF-8 costs the hub that byte, not the alert") {
  rules::AlertEvent event;
  event.labels = {{"zone", "caf\xE9"}};
  event.annotations = {{"summary", "105 \xB0"}};
  fleet::v1::AlertEvent read;
  REQUIRE(read.ParseFromString(AlertRecord(event).SerializeAsString()));
  CHECK(read.labels().at("zone") == "caf\uFFFD");
  CHECK(read.annotations().at("summary") == "105 \uFFFD");
}

TEST_CASE("AlertRecord: each state has its number on the wire") {
  rules::AlertEvent event;
  event.state = rules::AlertState::kInactive;
  CHECK(AlertRecord(event).state() == fleet::v1::AlertEvent::STATE_INACTIVE);
  event.state = rules::AlertState::kPending;
  CHECK(AlertRecord(event).state() == fleet::v1::AlertEvent::STATE_PENDING);
  event.state = rules::AlertState::kResolved;
  CHECK(AlertRecord(event).state() == fleet::v1::AlertEvent::STATE_RESOLVED);
}

}  // namespace fleet_edge::agent
