#include "uplink/batcher.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/status.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "uplink/batch.h"
#include "uplink/event_batcher.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct World {
  Reading Next() {
    // Not to be foretold: each takes its bits.
    const double value = std::uniform_int_distribution{0, 8'000}(random);
    return {.series = registry.Find("engine_rpm", {}), .time = clock.Now(), .value = value};
  }

  SeriesRegistry registry;
  HandClock clock;
  std::mt19937 random{1};
  const Identity identity{.vehicle = "v", .epoch = 5, .boot = 6};
};

TEST_CASE_FIXTURE(World, "Batcher: an empty batch is neither due nor sealed") {
  Batcher batcher(identity, {}, clock);
  CHECK_FALSE(batcher.Due());
  CHECK_FALSE(batcher.Seal());
}

TEST_CASE_FIXTURE(World, "Batcher: a batch is due by the age of its oldest reading") {
  Batcher batcher(identity, {}, clock);
  const BootTime opened = clock.Boot();
  batcher.Add(Next());
  clock.Advance(milliseconds{700});
  batcher.Add(Next());
  CHECK(batcher.Due() == opened + seconds{1});
  clock.Advance(milliseconds{300});
  const auto batch = batcher.Seal();
  REQUIRE(batch);
  CHECK(batch->id == BatchId{Lane::kTelemetry, 5, 1});
  CHECK(batch->count == 2);
  CHECK(batch->accepted == opened);
  CHECK(batch->time == clock.Now());
  CHECK_FALSE(batcher.Due());
}

TEST_CASE_FIXTURE(World, "Batcher: a batch that has grown to max_bytes is due at once") {
  Batcher batcher(identity, {.max_age = std::chrono::hours{1}, .max_bytes = KiB(4)}, clock);
  for (int n = 0; n < 20; ++n) {
    batcher.Add(Next());
    while (*batcher.Due() > clock.Boot()) batcher.Add(Next());
    const auto batch = batcher.Seal();
    REQUIRE(batch);
    CHECK(batch->body.size() <= 4'096 * 1.05);  // about
    CHECK(batch->id.seq == static_cast<std::uint64_t>(n) + 1);
    // Once it knows what a reading takes, it fills the batch.
    if (n > 2) CHECK(batch->body.size() > 2'000);
  }
}

TEST_CASE_FIXTURE(World, "Batcher: batches say whether the clock was synchronised") {
  Batcher batcher(identity, {}, clock);
  for (const bool synced : {false, true}) {
    batcher.set_clock_synced(synced);
    batcher.Add(Next());
    fleet::v1::TelemetryBatch batch;
    REQUIRE(batch.ParseFromString(batcher.Seal()->body));
    CHECK(batch.clock_synced() == synced);
  }
}

TEST_CASE_FIXTURE(World, "EventBatcher: events carry their identity, each lane counts from 1") {
  EventBatcher alerts(Lane::kAlert, identity, clock);
  EventBatcher status(Lane::kStatus, identity, clock);
  alerts.Seal(fleet::v1::AlertEvent{});
  fleet::v1::AlertEvent alert;
  alert.set_alert("Overspeed");
  const Batch sealed = alerts.Seal(alert);
  CHECK(sealed.id == BatchId{Lane::kAlert, 5, 2});
  CHECK(sealed.count == 1);
  CHECK(sealed.accepted == clock.Boot());
  REQUIRE(alert.ParseFromString(sealed.body));
  CHECK(alert.vehicle() == "v");
  CHECK(alert.epoch() == 5);
  CHECK(alert.seq() == 2);
  CHECK(alert.alert() == "Overspeed");

  fleet::v1::StatusEvent event;
  REQUIRE(event.ParseFromString(status.Seal(event).body));
  CHECK(event.seq() == 1);
  CHECK(event.at_us() == clock.Now().time_since_epoch().count());
}

/// The findings about `text` as the configuration of `T`.
template <typename T>
std::vector<std::string> Findings(const std::string& text, T& value) {
  Diagnostics diagnostics;
  const Section::Context context{"f.yaml", diagnostics};
  Section::Read(ParseYaml(text, "f.yaml", diagnostics), context, value);
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : diagnostics) found.push_back(ToString(diagnostic));
  return found;
}

TEST_CASE("Batcher: its keys are read, and nonsense is refused with its place") {
  Batcher::Options options;
  CHECK(Findings("{max_age: 10s, max_bytes: 32KiB, encoding: plain}", options).empty());
  CHECK(options.max_age == seconds{10});
  CHECK(options.max_bytes == KiB(32));
  CHECK(options.encoding == Batcher::Encoding::kPlain);
  CHECK(Findings("{max_age: 0, max_bytes: 2MiB, encoding: xml}", options).size() == 3);
}

}  // namespace
}  // namespace fleet_edge::uplink
