// What paces the uplink: epochs, waits after a failure, the rate of the backlog; and the list of
// gaps.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/support/crashing_store.h"
#include "uplink/backoff.h"
#include "uplink/batch.h"
#include "uplink/epoch.h"
#include "uplink/gap_log.h"
#include "uplink/token_bucket.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("Epoch: milliseconds above twenty random bits") {
  const UtcTime now{milliseconds{1'700'000'000'123}};
  CHECK(NewEpoch(now, 0, 0xFFF00001U) == (1'700'000'000'123U << 20U) + 1);
}

TEST_CASE("Epoch: greater than the last one, whatever the clock says") {
  HandClock clock;
  CrashingStore store;
  const std::uint64_t first = StartEpoch(store, clock, 7);
  clock.Set(UtcTime{});  // 1970: no clock yet
  const std::uint64_t second = StartEpoch(store, clock, 7);
  store.PowerCut();
  clock.Set(UtcTime{seconds{-5}});
  const std::uint64_t third = StartEpoch(store, clock, 7);
  CHECK(second > first);
  CHECK(third > second);
}

TEST_CASE("Epoch: two starts with a clock behind are told apart though the disk kept neither") {
  HandClock clock;
  CrashingStore store;
  const std::uint64_t last = StartEpoch(store, clock, 7);
  clock.Set(UtcTime{});
  store.FailCommits(2, {Error::Code::kRetry, "I/O"});
  const std::uint64_t one = StartEpoch(store, clock, 8);
  const std::uint64_t other = StartEpoch(store, clock, 9);
  CHECK(one > last);
  CHECK(other > last);
  CHECK(one != other);
}

TEST_CASE("Epoch: a store that can't commit doesn't stop the start") {
  HandClock clock;
  CrashingStore store;
  store.FailCommits(1, {Error::Code::kFull, "disk full"});
  CHECK(StartEpoch(store, clock, 7) > 0);
}

TEST_CASE("Backoff: waits double up to the longest, with jitter below") {
  double random = 1;
  Backoff backoff(milliseconds{500}, seconds{3}, [&] { return random; });
  CHECK(backoff.Next() == milliseconds{500});
  random = 0;
  CHECK(backoff.Next() == milliseconds{500});
  random = 0.5;
  CHECK(backoff.Next() == milliseconds{1'500});
  CHECK(backoff.Next() == milliseconds{2'250});
  CHECK(backoff.Next() == milliseconds{2'250});
  backoff.Reset();
  CHECK(backoff.Next() == milliseconds{375});
}

TEST_CASE("TokenBucket: no rate, no limit") {
  TokenBucket bucket(Bytes{0}, {});
  bucket.Spend(MiB(100));
  CHECK_FALSE(bucket.Available({}));
  CHECK(bucket.NextAt({}) == BootTime{});
}

TEST_CASE("TokenBucket: lets the rate through, and what is owed delays the next") {
  const BootTime start{};
  TokenBucket bucket(Bytes{1'000}, start);
  CHECK(bucket.Available(start) == Bytes{1'000});
  bucket.Spend({3'000});
  CHECK(bucket.Available(start) == Bytes{0});
  const BootTime next = bucket.NextAt(start);
  CHECK(next > start + seconds{2});
  CHECK(next < start + milliseconds{2'010});
  CHECK(bucket.Available(next) > Bytes{0});
  CHECK(bucket.Available(next + seconds{60}) == Bytes{1'000});
}

TEST_CASE("GapLog: neighbours are one gap, others stay apart, and a text keeps them") {
  const auto gap = [](Lane lane, std::uint64_t epoch, std::uint64_t seq, std::string_view reason) {
    return GapOf({.id = {lane, epoch, seq}, .count = 3, .time = {}, .accepted = {}, .body = {}},
                 reason);
  };
  GapLog log;
  for (std::uint64_t seq = 5; seq < 10; ++seq) {
    log.Add(gap(Lane::kTelemetry, 1, seq, kQuota));
    log.Add(gap(Lane::kAlert, 1, seq, kQuota));
  }
  log.Add(gap(Lane::kTelemetry, 1, 10, kCorrupt));
  log.Add(gap(Lane::kTelemetry, 2, 10, kQuota));
  log.Add(gap(Lane::kTelemetry, 2, 12, kQuota));
  CHECK(log.size() == 5);

  GapLog read(log.Serialize());
  CHECK(read.Serialize() == log.Serialize());
  const auto gaps = read.Take();
  CHECK(read.empty());
  CHECK(gaps[0].from_seq() == 5);
  CHECK(gaps[0].to_seq() == 9);
  CHECK(gaps[0].records() == 15);
  CHECK(gaps[0].topic() == "fleet.telemetry.v1");
  CHECK(GapLog("rubbish").empty());
}

}  // namespace
}  // namespace fleet_edge::uplink
