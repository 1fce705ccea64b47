#include "core/nearest.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

namespace fleet_edge {
namespace {

constexpr std::array<std::string_view, 3> kNames{"durable_within", "directory", "quota"};

TEST_CASE("Nearest: finds the name with the fewest edits") {
  CHECK(Nearest("durable_witin", kNames) == "durable_within");
  CHECK(Nearest("qutoa", kNames) == "quota");
  CHECK(Nearest("quota", kNames) == "quota");
}

TEST_CASE("Nearest: says nothing when nothing is near") {
  CHECK(Nearest("kafka", kNames).empty());
  CHECK(Nearest("", {}).empty());
  CHECK(Nearest(std::string(10'000, 'q'), kNames).empty());
}

}  // namespace
}  // namespace fleet_edge
