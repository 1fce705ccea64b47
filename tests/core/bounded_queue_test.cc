#include "core/bounded_queue.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/clock.h"

namespace fleet_edge {
namespace {

using std::chrono::hours;

TEST_CASE("BoundedQueue: values come out in the order in which they went in") {
  BoundedQueue<int> queue(8, WhenFull::kBlock);
  const SystemClock clock;
  std::array values{1, 2, 3};
  REQUIRE(queue.PushAll(values));
  REQUIRE(queue.Push(4));

  std::vector<int> out;
  CHECK(queue.PopAll(out, clock.Boot() + hours{1}, clock, {}) == 4);
  CHECK(out == std::vector{1, 2, 3, 4});
  CHECK(queue.size() == 0);
}

TEST_CASE("BoundedQueue: when full it drops the oldest and counts it") {
  BoundedQueue<int> queue(3, WhenFull::kDropOldestAndCount);
  for (int value = 1; value <= 5; ++value) REQUIRE(queue.Push(value));

  const SystemClock clock;
  std::vector<int> out;
  queue.PopAll(out, clock.Boot(), clock, {});
  CHECK(out == std::vector{3, 4, 5});
  CHECK(queue.dropped() == 2);
}

TEST_CASE("BoundedQueue: a blocked push goes on when there is room, and nothing is lost") {
  constexpr int kCount = 10'000;
  BoundedQueue<int> queue(4, WhenFull::kBlock);
  const std::jthread pusher([&] {
    for (int value = 0; value < kCount; ++value) queue.Push(value);
    queue.Close();
  });

  const SystemClock clock;
  std::vector<int> out;
  while (out.size() < kCount) {
    REQUIRE(queue.PopAll(out, clock.Boot() + hours{1}, clock, {}) > 0);
  }
  for (int value = 0; value < kCount; ++value) CHECK(out[static_cast<std::size_t>(value)] == value);
  CHECK(queue.dropped() == 0);
}

TEST_CASE("BoundedQueue: closed, it refuses values and hands out what is left") {
  BoundedQueue<int> queue(4, WhenFull::kBlock);
  REQUIRE(queue.Push(1));
  queue.Close();
  CHECK_FALSE(queue.Push(2));

  const SystemClock clock;
  std::vector<int> out;
  CHECK(queue.PopAll(out, clock.Boot() + hours{1}, clock, {}) == 1);
  CHECK(queue.PopAll(out, clock.Boot() + hours{1}, clock, {}) == 0);
}

TEST_CASE("BoundedQueue: one who waits for a size gets it, or learns of the stop and of the end") {
  BoundedQueue<int> queue(4, WhenFull::kDropOldestAndCount);
  CHECK(queue.AwaitSize(0, {}));
  REQUIRE(queue.Push(1));
  REQUIRE(queue.Push(2));
  {
    const std::jthread taker([&] {
      const SystemClock clock;
      std::vector<int> out;
      queue.PopAll(out, clock.Boot() + hours{1}, clock, {});
    });
    CHECK(queue.AwaitSize(1, {}));
  }
  REQUIRE(queue.Push(3));
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(queue.AwaitSize(0, stop.get_token()));
  queue.Close();
  CHECK_FALSE(queue.AwaitSize(0, {}));
}

TEST_CASE(
    "BoundedQueue: one who waits for many gets them, less at the deadline, a wake or a stop") {
  BoundedQueue<int> queue(100, WhenFull::kBlock);
  const SystemClock clock;
  const std::jthread pusher([&] {
    for (int value = 0; value < 100; ++value) queue.Push(value);
  });
  queue.AwaitMany(60, clock.Boot() + hours{1}, clock, {});
  CHECK(queue.size() >= 60);

  BoundedQueue<int> few(100, WhenFull::kBlock);
  REQUIRE(few.Push(1));
  few.AwaitMany(60, clock.Boot() + std::chrono::milliseconds{1}, clock, {});
  CHECK(few.size() == 1);
  std::stop_source stop;
  stop.request_stop();
  few.AwaitMany(60, clock.Boot() + hours{1}, clock, stop.get_token());
  few.Wake();
  few.AwaitMany(60, clock.Boot() + hours{1}, clock, {});
  // The wake is not used up: who pops next sees it, too.
  std::vector<int> out;
  few.PopAll(out, clock.Boot(), clock, {});
  CHECK(few.PopAll(out, clock.Boot() + std::chrono::milliseconds{1}, clock, {}) == 0);
}

TEST_CASE("BoundedQueue: waiting ends at the deadline, at a wake and at a stop") {
  BoundedQueue<int> queue(4, WhenFull::kBlock);
  const SystemClock clock;
  std::vector<int> out;
  CHECK(queue.PopAll(out, clock.Boot(), clock, {}) == 0);

  queue.Wake();
  CHECK(queue.PopAll(out, clock.Boot() + hours{1}, clock, {}) == 0);

  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  CHECK(queue.PopAll(out, clock.Boot() + hours{1}, clock, stop.get_token()) == 0);
}

}  // namespace
}  // namespace fleet_edge
