#include "drivers/io/reconnect_delay.h"

#include <doctest/doctest.h>

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

TEST_CASE("ReconnectDelay: delays double up to the longest, and begin anew after a success") {
  ReconnectDelay delay(100ms, 500ms);
  constexpr double kMost = 1;
  CHECK(delay.Next(kMost) == 100ms);
  CHECK(delay.Next(kMost) == 200ms);
  CHECK(delay.Next(kMost) == 400ms);
  CHECK(delay.Next(kMost) == 500ms);
  CHECK(delay.Next(kMost) == 500ms);
  delay.Reset();
  CHECK(delay.Next(kMost) == 100ms);
}

TEST_CASE("ReconnectDelay: chance takes up to half of a delay away") {
  ReconnectDelay delay(100ms, 100ms);
  CHECK(delay.Next(0) == 50ms);
  CHECK(delay.Next(0.5) == 75ms);
}

}  // namespace
}  // namespace fleet_edge::drivers
