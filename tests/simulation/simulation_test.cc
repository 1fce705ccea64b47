// Some simulated lives, for the sanitizers; `simulate` lives many.
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <cstdint>

#include "tests/simulation/life.h"

namespace fleet_edge::simulation {
namespace {

TEST_CASE("Simulation: what is promised holds in every life, whatever fails") {
  spdlog::set_level(spdlog::level::off);
  Outcome all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const Outcome life = Life(seed, false).Live();
    CHECK_MESSAGE(life.broken.empty(), (life.broken.empty() ? "" : life.broken.front()));
    all.deaths += life.deaths;
    all.gaps += life.gaps;
    all.duplicates += life.duplicates;
  }
  // The faults do strike.
  CHECK(all.deaths > 100);
  CHECK(all.gaps > 100);
  CHECK(all.duplicates > 100);
}

TEST_CASE("Simulation: the same seed is the same life") {
  spdlog::set_level(spdlog::level::off);
  const Outcome first = Life(7, false).Live();
  const Outcome second = Life(7, false).Live();
  CHECK(first.accepted == second.accepted);
  CHECK(first.delivered == second.delivered);
  CHECK(first.duplicates == second.duplicates);
  CHECK(first.losses.readings == second.losses.readings);
}

}  // namespace
}  // namespace fleet_edge::simulation
