#include "rules/travelled_distance.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "rules/geodesy.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

/// `north_m` and `east_m` of 50°N 10°E.
GeoPosition Place(double north_m, double east_m = 0) {
  const DegreeLengths degree = DegreeLengths::At(50);
  return {50 + north_m / degree.north_m, 10 + east_m / degree.east_m};
}

}  // namespace

TEST_CASE("TravelledDistance: hops add up; one fix is no way") {
  TravelledDistance way;
  CHECK_FALSE(way.has_fix());
  way.Add({At(0), Place(0)});
  CHECK(way.has_fix());
  CHECK(way.metres() == 0);
  for (int second = 1; second <= 100; ++second) way.Add({At(second), Place(30.0 * second)});
  CHECK(way.metres() == doctest::Approx(3000).epsilon(1e-5));
}

TEST_CASE("TravelledDistance: slow and frequent fixes add up too") {
  TravelledDistance walking;
  for (int second = 0; second <= 1000; ++second) walking.Add({At(second), Place(second)});
  CHECK(walking.metres() == doctest::Approx(1000).epsilon(1e-3));
  TravelledDistance frequent;
  for (int i = 0; i <= 1000; ++i) frequent.Add({At(i / 10.0), Place(3.0 * i)});
  CHECK(frequent.metres() == doctest::Approx(3000).epsilon(0.01));
}

TEST_CASE("TravelledDistance: a parked receiver's wandering adds up to nothing") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> step(0, 1);
  const double memory = std::exp(-1.0 / 60);  // wanders within minutes, 5 m wide
  const double push_m = 5 * std::sqrt(1 - memory * memory);
  double north_m = 0;
  double east_m = 0;
  double raw_m = 0;
  GeoPosition before = Place(0);
  TravelledDistance way;
  for (int second = 0; second < 8 * 3600; ++second) {
    north_m = north_m * memory + push_m * step(random);
    east_m = east_m * memory + push_m * step(random);
    const GeoPosition now = Place(north_m, east_m);
    raw_m += DistanceM(before, now);
    before = now;
    way.Add({At(second), now});
  }
  CHECK(raw_m > 20'000);
  CHECK(way.metres() < 100);
}

TEST_CASE("TravelledDistance: a hop of 30,000 km/h is left out") {
  TravelledDistance way;
  for (int second = 0; second <= 100; ++second) {
    const bool hops = second == 40 || second == 41 || second == 70;
    way.Add({At(second), Place(20.0 * second, hops ? 8300.0 : 0)});
  }
  // Two fixes in a row over there are a place; the way back is a hop again.
  CHECK(way.metres() == doctest::Approx(2000).epsilon(0.05));
}

TEST_CASE("TravelledDistance: a wrong first fix is corrected by the next two") {
  TravelledDistance way;
  way.Add({At(0), Place(500'000)});
  for (int second = 1; second <= 51; ++second) way.Add({At(second), Place(20.0 * second)});
  CHECK(way.metres() == doctest::Approx(1000).epsilon(0.04));
}

TEST_CASE("TravelledDistance: a gap is bridged by a straight line") {
  TravelledDistance way;
  way.Add({At(0), Place(0)});
  way.Add({At(600), Place(15'000)});
  CHECK(way.metres() == doctest::Approx(15'000).epsilon(1e-3));
}

TEST_CASE("TravelledDistance: a drive in Regensburg, beside the speed that the receiver measured") {
  std::ifstream file("tests/data/genivi/regensburg-track.csv");
  REQUIRE(file);
  std::string line;
  std::getline(file, line);
  TravelledDistance way;
  double by_speed_m = 0;
  double second_before = 0;
  double speed_before = 0;
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    double second = 0;
    double speed_mps = 0;
    GeoPosition position;
    char comma = 0;
    columns >> second >> comma >> position.latitude_deg >> comma >> position.longitude_deg >>
        comma >> speed_mps;
    // The fix is lost for 38 s and comes back at first where it was: that hop is left out.
    if (second - second_before < 2) {
      by_speed_m += (second - second_before) * (speed_mps + speed_before) / 2;
    }
    second_before = second;
    speed_before = speed_mps;
    way.Add({At(second), position});
  }
  CHECK(by_speed_m == doctest::Approx(4794).epsilon(1e-3));
  CHECK(way.metres() == doctest::Approx(by_speed_m).epsilon(0.02));
}

}  // namespace fleet_edge::rules
