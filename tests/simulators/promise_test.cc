#include "simulators/promise.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

UtcTime At(int second) { return UtcTime{seconds{1'700'000'000 + second}}; }

LedgerNote Note(LedgerNote::Kind kind, int second, std::string vehicle = {}) {
  return {.kind = kind, .at = At(second), .vehicle = std::move(vehicle)};
}

TEST_CASE("Promise: without a SIGKILL everything is covered") {
  CHECK(Promise().Covers("a", At(0)));
  CHECK_FALSE(Promise().Disturbs("a", At(0), At(100)));
}

TEST_CASE("Promise: what is younger than durable_within and the slack is not covered") {
  Promise promise(seconds{2}, milliseconds{500});
  promise.Add(Note(LedgerNote::Kind::kKill, 10));
  CHECK(promise.Covers("a", At(7)));
  CHECK(promise.Covers("a", At(7) + milliseconds{499}));
  CHECK_FALSE(promise.Covers("a", At(7) + milliseconds{500}));
  CHECK_FALSE(promise.Covers("a", At(10)));
  CHECK(promise.Covers("a", At(11)));
}

TEST_CASE("Promise: a note of one vehicle is not another's") {
  Promise promise;
  promise.Add(Note(LedgerNote::Kind::kKill, 10, "a"));
  CHECK_FALSE(promise.Covers("a", At(10)));
  CHECK(promise.Covers("b", At(10)));
  CHECK_FALSE(promise.Disturbs("b", At(9), At(11)));
}

TEST_CASE("Promise: an absence lasts until the start that follows") {
  Promise promise(seconds{2}, seconds{0});
  promise.Add(Note(LedgerNote::Kind::kStart, 30));  // notes may come in any order
  promise.Add(Note(LedgerNote::Kind::kKill, 20));
  const auto absence = promise.Disturbs("a", At(25), At(26));
  REQUIRE(absence);
  CHECK(absence->begin == At(20));
  CHECK(absence->end == At(30));
  CHECK(promise.Disturbs("a", At(10), At(18)));
  CHECK_FALSE(promise.Disturbs("a", At(10), At(17)));
  CHECK_FALSE(promise.Disturbs("a", At(31), At(40)));
}

}  // namespace
}  // namespace fleet_edge::simulators
