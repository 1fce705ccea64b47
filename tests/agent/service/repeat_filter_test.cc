#include "agent/service/repeat_filter.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

namespace fleet_edge::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr RepeatFilter::Limits kTwoAMinute{.burst = 2, .period = seconds{60}, .kinds = 4};
const RepeatFilter::Time kStart{seconds{1'700'000'000}};

}  // namespace

TEST_CASE(
    "RepeatFilter: beyond the burst repeats are held back, and the next to pass counts them") {
  RepeatFilter filter(kTwoAMinute);
  CHECK(filter.Pass("broker gone", kStart) == 0);
  CHECK(filter.Pass("broker gone", kStart) == 0);
  CHECK(filter.Pass("broker gone", kStart) == std::nullopt);
  CHECK(filter.Pass("broker gone", kStart + seconds{59}) == std::nullopt);
  CHECK(filter.Pass("broker gone", kStart + seconds{60}) == 2);
  CHECK(filter.Pass("broker gone", kStart + seconds{61}) == 0);
}

TEST_CASE("RepeatFilter: messages that differ in their numbers alone are of one kind") {
  RepeatFilter filter(kTwoAMinute);
  filter.Pass("attempt 1 failed after 250 ms", kStart);
  filter.Pass("attempt 2 failed after 500 ms", kStart);
  CHECK(filter.Pass("attempt 3 failed after 1000 ms", kStart) == std::nullopt);
  CHECK(filter.Pass("another fault", kStart) == 0);
}

TEST_CASE("RepeatFilter: what names with numbers tell apart is no repeat") {
  RepeatFilter filter(kTwoAMinute);
  for (const char* const name : {"probe1", "probe2", "probe-3", "can0"}) {
    filter.Pass(name + std::string(" is silent, after 250ms of 10.0.0.5"), kStart);
    CHECK(filter.Pass(name + std::string(" is silent, after 500ms of 10.0.0.6"), kStart) == 0);
    CHECK(filter.Pass(name + std::string(" is silent, after 1000ms of 10.0.0.7"), kStart) ==
          std::nullopt);
  }
}

TEST_CASE(
    "RepeatFilter: it remembers a bounded number of kinds, and then lets more through, not less") {
  RepeatFilter filter(kTwoAMinute);
  for (int i = 0; i < 3; ++i) filter.Pass("fault a", kStart);
  CHECK(filter.Pass("fault a", kStart) == std::nullopt);
  filter.Pass("fault b", kStart);
  filter.Pass("fault c", kStart);
  filter.Pass("fault d", kStart);
  CHECK(filter.Pass("fault e", kStart) == 0);
  CHECK(filter.Pass("fault a", kStart).has_value());
}

TEST_CASE("RepeatFilter: a wall clock that steps back begins a new period") {
  RepeatFilter filter(kTwoAMinute);
  for (int i = 0; i < 3; ++i) filter.Pass("fault", kStart);
  CHECK(filter.Pass("fault", kStart - minutes{60}) == 1);
}

}  // namespace fleet_edge::agent
