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

TEST_CASE("Nearest: a part of one name alone is that name") {
  CHECK(Nearest("durable", kNames) == "durable_within");
  CHECK(Nearest("within", kNames) == "durable_within");
  constexpr std::array<std::string_view, 2> kSpeeds{"vehicle_speed_kmh", "gnss_speed_kmh"};
  CHECK(Nearest("speed", kSpeeds).empty());
  CHECK(Nearest("vehicle", kSpeeds) == "vehicle_speed_kmh");
  CHECK(Nearest("dur", kNames).empty());
}

TEST_CASE("Nearest: says nothing when nothing is near") {
  CHECK(Nearest("kafka", kNames).empty());
  CHECK(Nearest("", {}).empty());
  CHECK(Nearest(std::string(10'000, 'q'), kNames).empty());
}

}  // namespace
}  // namespace fleet_edge
