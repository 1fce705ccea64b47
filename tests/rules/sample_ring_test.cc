#include "rules/sample_ring.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

SampleRing RingOf(std::size_t capacity, const std::vector<double>& times) {
  SampleRing ring;
  ring.Resize(capacity);
  for (const double time : times) ring.Insert({At(time), time});
  return ring;
}

std::vector<double> ValuesOf(const Window& window) {
  std::vector<double> values;
  window.ForEach([&](const Sample& sample) { values.push_back(sample.value); });
  return values;
}

std::vector<double> Between(const SampleRing& ring, double after, double until) {
  std::uint64_t hint = 0;
  return ValuesOf(ring.Between(At(after), At(until), hint));
}

using Values = std::vector<double>;

}  // namespace

TEST_CASE("Window: open on the left, closed on the right") {
  const SampleRing ring = RingOf(8, {0, 5, 10});
  CHECK(Between(ring, 0, 10) == Values{5, 10});
  CHECK(Between(ring, -1, 9.999999) == Values{0, 5});
  CHECK(Between(ring, 10, 20).empty());
  CHECK(Between(ring, 5, 5).empty());
}

TEST_CASE("Window: a late sample joins its own window") {
  SampleRing ring = RingOf(8, {1, 2, 4});
  ring.Insert({At(3), 3});
  ring.Insert({At(0), 0});
  CHECK(Between(ring, -1, 10) == Values{0, 1, 2, 3, 4});
}

TEST_CASE("Ring: of two samples of one time the first stays") {
  SampleRing ring = RingOf(8, {1, 2, 3});
  ring.Insert({At(2), 99});
  ring.Insert({At(3), 99});
  CHECK(Between(ring, 0, 10) == Values{1, 2, 3});
}

TEST_CASE("Window: comes in two pieces where the ring wraps") {
  SampleRing ring = RingOf(4, {1, 2, 3, 4});
  ring.DropUntil(At(2));
  ring.Insert({At(6), 6});
  ring.Insert({At(5), 5});
  CHECK(ring.full());
  CHECK(Between(ring, 0, 10) == Values{3, 4, 5, 6});
  CHECK(Between(ring, 4, 5) == Values{5});
  ring.Resize(8);
  CHECK(Between(ring, 0, 10) == Values{3, 4, 5, 6});
}

TEST_CASE("Window: a remembered start speeds up and never misleads") {
  SampleRing ring = RingOf(64, {});
  std::uint64_t hint = 0;
  for (int t = 1; t <= 200; ++t) {
    if (ring.full()) ring.DropUntil(At(t - 32));
    ring.Insert({At(t), static_cast<double>(t)});
    std::uint64_t none = 0;
    CHECK(ValuesOf(ring.Between(At(t - 10), At(t), hint)) ==
          ValuesOf(ring.Between(At(t - 10), At(t), none)));
  }
  // Back in time, and a start that belongs to another ring.
  CHECK(ValuesOf(ring.Between(At(190), At(192), hint)) == Values{191, 192});
  std::uint64_t wild = 1'000'000;
  CHECK(ValuesOf(ring.Between(At(190), At(192), wild)) == Values{191, 192});
}

TEST_CASE("Ring: the newest sample until an instant") {
  const SampleRing ring = RingOf(8, {1, 2, 5});
  CHECK(ring.NewestUntil(At(0)) == nullptr);
  CHECK(ring.NewestUntil(At(2))->value == 2);
  CHECK(ring.NewestUntil(At(4.9))->value == 2);
  CHECK(ring.NewestUntil(At(100))->value == 5);
}

}  // namespace fleet_edge::rules
