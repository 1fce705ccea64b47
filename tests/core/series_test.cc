#include "core/series.h"

#include <doctest/doctest.h>

#include "core/labels.h"
#include "core/signal.h"

namespace fleet_edge {
namespace {

TEST_CASE("SeriesRegistry: the same name and labels have one address") {
  SeriesRegistry registry;
  const Series* const one = registry.Find("cargo_celsius", {{"zone", "1"}});
  const Series* const two = registry.Find("cargo_celsius", {{"zone", "2"}});
  REQUIRE(one != nullptr);
  CHECK(one != two);
  CHECK(registry.Find("cargo_celsius", {{"zone", "1"}}) == one);
  CHECK(one->id == 0);
  CHECK(two->id == 1);
  CHECK(ToString(*one) == R"(cargo_celsius{zone="1"})");
  CHECK(one->catalogued == FindSignal("cargo_celsius"));
}

TEST_CASE("SeriesRegistry: a label that is no UTF-8 would cost the hub its batch, and is mended") {
  SeriesRegistry registry;
  const Series* const one = registry.Find("cargo_celsius", {{"place", "caf\xE9"}});
  REQUIRE(one != nullptr);
  CHECK(one->labels == Labels{{"place", "caf\uFFFD"}});
  CHECK(registry.Find("cargo_celsius", {{"place", "caf\xE9"}}) == one);
}

TEST_CASE("SeriesRegistry: a name outside the catalogue is a series too") {
  SeriesRegistry registry;
  CHECK(registry.Find("door_open", {})->catalogued == nullptr);
}

TEST_CASE("SeriesRegistry: beyond the bound there are no new series, the known ones go on") {
  SeriesRegistry registry(1);
  const Series* const known = registry.Find("a", {});
  CHECK(registry.Find("b", {}) == nullptr);
  CHECK(registry.Find("a", {}) == known);
  CHECK(registry.size() == 1);
}

}  // namespace
}  // namespace fleet_edge
