#include "simulators/expectation.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace fleet_edge::simulators {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Firing = Expectation::Firing;

/// Zone 2 must burn in the fifth minute, and GNSS may be lost from the tenth on.
Expectation Fire() {
  return {.rules = "rules.yaml",
          .must = {{.alert = "Fire",
                    .vehicle = "tanker-1",
                    .labels = {{"zone", "2"}},
                    .from = minutes{5},
                    .within = minutes{1}}},
          .may = {{.alert = "GnssLost", .from = minutes{10}}}};
}

Firing Burning(seconds at, const std::string& zone = "2") {
  return {.alert = "Fire", .labels = {{"severity", "critical"}, {"zone", zone}}, .since_start = at};
}

TEST_CASE("Expectation: what must fire and does is right, with more labels and more than once") {
  CHECK(Fire().Judge("tanker-1", {Burning(seconds{300})}).empty());
  CHECK(Fire().Judge("tanker-1", {Burning(seconds{310}), Burning(seconds{360})}).empty());
}

TEST_CASE("Expectation: what must fire and doesn't is told with its window") {
  CHECK(Fire().Judge("tanker-1", {}) ==
        std::vector<std::string>{
            "tanker-1: Fire{zone=\"2\"} must fire and does not, from 5m within 1m"});
}

TEST_CASE("Expectation: too early, too late and of another zone are both missing and too much") {
  CHECK(Fire().Judge("tanker-1", {Burning(seconds{299})}).size() == 2);
  CHECK(Fire().Judge("tanker-1", {Burning(seconds{361})}).size() == 2);
  CHECK(Fire().Judge("tanker-1", {Burning(seconds{310}, "1")}).size() == 2);
}

TEST_CASE("Expectation: another vehicle has nothing to fire, and must not") {
  CHECK(Fire().Judge("tanker-2", {}).empty());
  CHECK(Fire().Judge("tanker-2", {Burning(seconds{310})}).size() == 1);
}

TEST_CASE("Expectation: what may fire is left open in its window, and is wrong outside of it") {
  const Firing right = Burning(seconds{310});
  const Firing lost{.alert = "GnssLost", .labels = {}, .since_start = minutes{11}};
  const Firing early{.alert = "GnssLost", .labels = {}, .since_start = minutes{9}};
  CHECK(Fire().Judge("tanker-1", {right, lost}).empty());
  CHECK(Fire().Judge("tanker-1", {right, early}) ==
        std::vector<std::string>{"tanker-1: GnssLost fires and must not, at 9m"});
}

TEST_CASE("Expectation: what nobody names must not fire") {
  const Firing other{.alert = "Overspeed", .labels = {}, .since_start = minutes{5}};
  CHECK(Fire().Judge("tanker-1", {Burning(seconds{310}), other}).size() == 1);
}

}  // namespace
}  // namespace fleet_edge::simulators
