// fleet-sim verify as it runs: a ledger in a file, records on a hub, an exit code.
#include "simulators/verification.h"

#include <doctest/doctest.h>

#include <chrono>

#include "simulators/hub.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"
#include "simulators/stop_signal.h"
#include "simulators/topics.h"
#include "simulators/verify_command.h"
#include "tests/simulators/producer.h"
#include "tests/simulators/trip_fixture.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kAmple{20};
constexpr seconds kShort{3};

/// A hub with the trip on it, and its ledger in a file.
class Desk {
 public:
  explicit Desk(const Trip& trip) : hub_({kTopics.begin(), kTopics.end()}, 2) {
    LedgerWriter ledger(options_.verification.ledger, LedgerWriter::Mode::kNew);
    for (const LedgerEntry& entry : trip.ledger) ledger.Append(entry);
    ledger.Flush();
    Producer producer(hub_.address());
    for (const HubRecord& record : trip.telemetry) producer.Send(record);
    for (const HubRecord& record : trip.alerts) producer.Send(record);
    REQUIRE(producer.Flush(20'000));
  }

  /// What is there comes well within `timeout`; what isn't costs all of it.
  int Verified(seconds timeout) {
    options_.verification.timeout = timeout;
    StopSignal stop;
    return Verify(options_, stop);
  }

 private:
  TempFolder folder_;
  Hub hub_;
  VerifyOptions options_{.verification = {.ledger = folder_.Path("ledger"),
                                          .hub = {.address = hub_.address(),
                                                  .properties = {},
                                                  .topics = {kTopics.begin(), kTopics.end()}},
                                          .settle = milliseconds{200},
                                          .killed_at = {}},
                         .json = true};
};

TEST_CASE("fleet-sim verify: exit code 0 when the hub holds the ledger") {
  CHECK(Desk(Trip()).Verified(kAmple) == 0);
}

TEST_CASE("fleet-sim verify: exit code 1 for a batch that is lost") {
  Trip trip;
  trip.telemetry.pop_back();
  CHECK(Desk(trip).Verified(kShort) == 1);
}

TEST_CASE("fleet-sim verify: exit code 1 for an alert too many") {
  Trip trip;
  trip.alerts.push_back(AlertRecord(3, AlertChange::kFiring, 50));
  CHECK(Desk(trip).Verified(kAmple) == 1);
}

TEST_CASE("fleet-sim verify: exit code 1 for a run that has no end") {
  Trip trip;
  trip.ledger.pop_back();
  CHECK(Desk(trip).Verified(kShort) == 1);
}

}  // namespace
}  // namespace fleet_edge::simulators
