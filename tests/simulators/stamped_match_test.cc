#include "simulators/stamped_match.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using Kind = StampedFinding::Kind;

UtcTime At(int ms) { return UtcTime{Duration{1'700'000'000'000'000}} + milliseconds{ms}; }

std::size_t Count(const std::vector<StampedFinding>& found, Kind kind) {
  std::size_t count = 0;
  for (const StampedFinding& finding : found) count += finding.kind == kind ? 1 : 0;
  return count;
}

const std::vector<Said> kSaid{{At(0), 1}, {At(100), 2}, {At(200), 3}, {At(300), 3}, {At(9000), 4}};

std::vector<StampedFinding> Arrivals(const std::vector<Heard>& heard) {
  return MatchArrivals("engine_rpm", kSaid, heard);
}

}  // namespace

TEST_CASE("Stamped match: what is heard once, in order and soon has arrived") {
  const auto found =
      Arrivals({{At(1), 1}, {At(101), 2}, {At(310), 3}, {At(310), 3}, {At(9700), 4}});
  CHECK(Count(found, Kind::kArrived) == 5);
  CHECK(found.size() == 5);
}

TEST_CASE("Stamped match: what is not heard, or too late, is missing") {
  CHECK(Count(Arrivals({{At(1), 1}, {At(201), 3}, {At(301), 3}, {At(9001), 4}}), Kind::kMissing) ==
        1);
  const auto late =
      Arrivals({{At(1), 1}, {At(101), 2}, {At(201), 3}, {At(301), 3}, {At(12000), 4}});
  CHECK(Count(late, Kind::kMissing) == 1);
  CHECK(Count(late, Kind::kOther) == 1);
  CHECK(Count(Arrivals({}), Kind::kMissing) == 5);
}

TEST_CASE("Stamped match: one of two equal values that is lost is one missing") {
  const auto found = Arrivals({{At(1), 1}, {At(101), 2}, {At(301), 3}, {At(9001), 4}});
  CHECK(Count(found, Kind::kMissing) == 1);
  CHECK(Count(found, Kind::kArrived) == 4);
}

TEST_CASE("Stamped match: what is heard twice, altered or before it was said is found") {
  const auto twice =
      Arrivals({{At(1), 1}, {At(2), 1}, {At(101), 2}, {At(201), 3}, {At(301), 3}, {At(9001), 4}});
  CHECK(Count(twice, Kind::kDuplicated) == 1);
  CHECK(Count(twice, Kind::kArrived) == 5);
  const auto altered =
      Arrivals({{At(1), 1}, {At(101), 7}, {At(201), 3}, {At(301), 3}, {At(9001), 4}});
  CHECK(Count(altered, Kind::kAltered) == 1);
  CHECK(Count(altered, Kind::kArrived) == 4);
  const auto early = Arrivals({{At(1), 1}, {At(20), 2}, {At(201), 3}, {At(301), 3}, {At(9001), 4}});
  CHECK(Count(early, Kind::kArrived) < 5);
}

TEST_CASE("Stamped match: while a device is unplugged nothing may be heard") {
  const auto found = Arrivals(
      {{At(1), 1}, {At(101), 2}, {At(201), 3}, {At(301), 3}, {At(5000), 3}, {At(9001), 4}});
  CHECK(Count(found, Kind::kInvented) == 1);
  CHECK(Count(found, Kind::kArrived) == 5);
}

TEST_CASE("Stamped match: what there is to see is seen at least once, while it is there") {
  const std::vector<Said> said{{At(0), 20.5},  {At(2000), 21},  {At(4000), 0, true},
                               {At(9000), 22}, {At(11000), 23}, {At(11100), 0, true}};
  const auto look = [&](const std::vector<Heard>& heard) {
    return MatchLooks("cargo_celsius", said, heard);
  };
  const std::vector<Heard> whole{
      {At(300), 20.5}, {At(800), 20.5}, {At(2600), 20.5}, {At(3000), 21}, {At(9500), 22}};
  CHECK(Count(look(whole), Kind::kArrived) == 3);
  CHECK(look(whole).size() == 3);

  auto without = whole;
  without.erase(without.begin() + 3);
  CHECK(Count(look(without), Kind::kMissing) == 1);

  auto ghost = whole;
  ghost.insert(ghost.begin() + 4, {At(6000), 21});
  CHECK(Count(look(ghost), Kind::kInvented) == 1);

  auto old = whole;
  old.insert(old.begin() + 4, {At(3900), 20.5});
  CHECK(Count(look(old), Kind::kAltered) == 1);

  auto after = whole;
  after.push_back({At(20000), 23});
  CHECK(Count(look(after), Kind::kOther) == 1);
}

}  // namespace fleet_edge::simulators
