#include "drivers/mqtt/paho_haste.h"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;

/// How long Paho's pause of 100 ms takes, as its library would find it.
std::chrono::steady_clock::duration PahosPause() {
  void* const found = dlsym(RTLD_DEFAULT, "usleep");
  REQUIRE(found != nullptr);
  auto* const pause = reinterpret_cast<int (*)(useconds_t)>(found);
  const auto begin = std::chrono::steady_clock::now();
  pause(100'000);
  return std::chrono::steady_clock::now() - begin;
}

/// The shortest of a few, on a machine that has other work.
std::chrono::steady_clock::duration ShortestPause() {
  auto shortest = PahosPause();
  for (int i = 0; i < 4; ++i) shortest = std::min(shortest, PahosPause());
  return shortest;
}

}  // namespace

TEST_CASE("PahoHaste: Paho's pauses are short from the wish to connect until nobody is hasty") {
  CHECK(PahosPause() >= milliseconds{100});
  {
    PahoHaste one;
    PahoHaste other;
    one.Begin();
    one.Begin();
    other.Begin();
    CHECK(ShortestPause() < milliseconds{50});
    one.End();
    CHECK(ShortestPause() < milliseconds{50});
  }
  CHECK(PahosPause() >= milliseconds{100});
}

}  // namespace fleet_edge::drivers
