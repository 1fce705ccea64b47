#include "tests/simulation/world.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"

namespace fleet_edge::simulation {

void World::MayDie(std::string_view where) {
  if (!Strikes(scenario.dies_in_call)) return;
  const bool power = !chance.Happens(scenario.kill);
  trace.Say("{} in {}", power ? "POWER CUT" : "KILLED", where);
  throw Death{power};
}

void World::NoteTrouble(std::string_view what, Duration lasts) {
  trace.Say("trouble: {}", what);
  last_trouble = std::max(last_trouble, clock.elapsed() + lasts);
}

void World::Break(std::string what) {
  trace.Say("BROKEN {}", what);
  broken.push_back(std::move(what));
}

}  // namespace fleet_edge::simulation
