#include "drivers/mqtt/receive_pace.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>

#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

/// A stream of messages at even distances from a broker, which sends no more than 20 before the
/// first of them is acknowledged, taken by a thread that rests as it is told.
struct Stream {
  static constexpr std::size_t kInFlight = 20;
  static constexpr Duration kWay = 200us;  // of an acknowledgement and what it lets go

  ReceivePace pace;
  BootTime now{1h};
  BootTime next = now;  // message is published
  std::deque<BootTime> acknowledged;
  int taken = 0;
  int rests = 0;
  Duration longest{};

  void Run(Duration period, Duration time) {
    for (const BootTime end = next + time; next < end; next += period) {
      now = std::max(now, next);
      if (acknowledged.size() == kInFlight) {
        now = std::max(now, acknowledged.front() + kWay);
        acknowledged.pop_front();
      }
      now += 10us;  // what a message costs
      const Duration rest = pace.RestAfterMessage(now);
      ++taken;
      if (rest > Duration{}) ++rests;
      longest = std::max(longest, rest);
      now += rest;
      acknowledged.push_back(now);
    }
  }
};

}  // namespace

TEST_CASE("ReceivePace: a message that comes alone is not rested for") {
  Stream stream;
  stream.Run(100ms, 10s);
  CHECK(stream.taken == 100);
  CHECK(stream.rests == 0);
}

TEST_CASE("ReceivePace: of a stream many are taken in one go, and fewer than a broker sends") {
  Stream stream;
  stream.Run(3ms, 10s);
  CHECK(stream.taken == 3334);
  CHECK(stream.taken / stream.rests >= 8);
  CHECK(stream.taken / stream.rests <= 16);
}

TEST_CASE("ReceivePace: no rest is longer than 40 ms") {
  Stream stream;
  stream.Run(30ms, 10s);
  CHECK(stream.rests > 100);
  CHECK(stream.longest == 40ms);
}

TEST_CASE("ReceivePace: a broker at its limit is not held up for long") {
  Stream stream;
  stream.Run(50us, 10s);
  CHECK(stream.rests < 20);
  CHECK(stream.now - stream.next < 1s);
}

TEST_CASE("ReceivePace: a stream that has become slow is rested for again") {
  Stream stream;
  stream.Run(50us, 1s);
  stream.rests = 0;
  stream.Run(5ms, 10s);
  CHECK(stream.rests > 150);
}

}  // namespace fleet_edge::drivers
