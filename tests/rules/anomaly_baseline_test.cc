#include "rules/anomaly_baseline.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "core/time.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A baseline over [10s] with a half-life of a minute, compared each second.
class World {
 public:
  explicit World(double min_sigma = 0)
      : settings_{.half_life = minutes{1}, .window = seconds{10}, .min_sigma = min_sigma} {}

  std::optional<double> Next(double mean) { return baseline_.Compare(mean, At(++now_), settings_); }

  /// Around 20 with a sigma of 1.
  void LearnNormal(int count = 300) {
    for (int i = 0; i < count; ++i) Next(i % 2 == 0 ? 19 : 21);
  }

  void Wait(double passing_s) { now_ += passing_s; }
  double now() const { return now_; }
  AnomalyBaseline& baseline() { return baseline_; }
  const AnomalyBaseline::Settings& settings() const { return settings_; }

 private:
  const AnomalyBaseline::Settings settings_;
  AnomalyBaseline baseline_;
  double now_ = 0;
};

}  // namespace

TEST_CASE("AnomalyBaseline: is silent until it has learned for a half-life") {
  World world;
  for (int i = 0; i < 61; ++i) CHECK_FALSE(world.Next(i % 2));
  CHECK(world.Next(1));
}

TEST_CASE("AnomalyBaseline: tells how many sigmas a mean is away, with its sign") {
  World world;
  world.LearnNormal();
  CHECK(*world.Next(22) == doctest::Approx(2).epsilon(0.02));
  CHECK(*world.Next(10) == doctest::Approx(-10).epsilon(0.02));
}

TEST_CASE("AnomalyBaseline: compares first and learns after") {
  World world;
  world.LearnNormal();
  const double before = world.baseline().memory().mean;
  world.Next(22);
  CHECK(world.baseline().memory().mean < before + 0.02);
  world.Next(20);
  CHECK(world.baseline().memory().mean > before + 0.02);
}

TEST_CASE("AnomalyBaseline: follows a slow drift") {
  World world(0.5);
  for (int i = 0; i < 3'600; ++i) {
    const std::optional<double> score = world.Next(20 + i / 600.0);
    if (score) CHECK(std::abs(*score) < 3);
  }
}

TEST_CASE("AnomalyBaseline: what departs is not learned, and speaks for a half-life") {
  World world;
  world.LearnNormal();
  const double normal = world.baseline().memory().mean;
  for (int i = 0; i < 60; ++i) CHECK(*world.Next(30) > 9);
  CHECK(world.baseline().memory().mean == doctest::Approx(normal).epsilon(0.001));
}

TEST_CASE("AnomalyBaseline: a change that stays becomes the normal") {
  World world(0.5);
  world.LearnNormal();
  for (int i = 0; i < 60; ++i) CHECK(*world.Next(30) > 9);
  for (int i = 0; i < 61; ++i) CHECK_FALSE(world.Next(30));  // it learns anew
  CHECK(*world.Next(30) == 0);
  CHECK(*world.Next(20) == -20);
}

TEST_CASE("AnomalyBaseline: a gap fades what is known; one of a half-life ends it") {
  World world;
  world.LearnNormal();
  world.Wait(50);
  CHECK(world.Next(20));
  world.Wait(61);
  CHECK_FALSE(world.Next(20));
}

TEST_CASE("AnomalyBaseline: windows that lie apart count with what they cover") {
  World world;
  int instants = 0;
  while (!world.Next(20 + instants % 2)) {
    world.Wait(29);  // ten seconds seen out of thirty
    ++instants;
  }
  CHECK(instants == 7);
}

TEST_CASE("AnomalyBaseline: the least sigma bounds the score; without it a constant has none") {
  World with(0.5);
  World without;
  for (int i = 0; i < 100; ++i) {
    with.Next(7);
    without.Next(7);
  }
  CHECK(*with.Next(7) == 0);
  CHECK(*with.Next(8) == 2);
  CHECK(*without.Next(7) == 0);
  CHECK(std::isinf(*without.Next(7.0625)));
}

TEST_CASE("AnomalyBaseline: the same instant again replaces its mean") {
  World world;
  world.LearnNormal();
  AnomalyBaseline once = world.baseline();
  AnomalyBaseline twice = world.baseline();
  const UtcTime at = At(world.now() + 1);
  once.Compare(21, at, world.settings());
  twice.Compare(19, at, world.settings());
  twice.Compare(21, at, world.settings());
  CHECK(once.memory() == twice.memory());
}

TEST_CASE("AnomalyBaseline: begins anew when time runs backwards") {
  World world;
  world.LearnNormal();
  world.Wait(-100);
  CHECK_FALSE(world.Next(20));
  CHECK_FALSE(world.Next(20));
}

TEST_CASE("AnomalyBaseline: what is no number, or beyond squaring, is compared and not learned") {
  World world;
  world.LearnNormal();
  const AnomalyBaseline::Memory before = world.baseline().memory();
  CHECK(std::isnan(*world.Next(std::nan(""))));
  CHECK(std::isinf(*world.Next(std::numeric_limits<double>::infinity())));
  CHECK(std::isfinite(*world.Next(1e300)));
  World young;
  for (int i = 0; i < 200; ++i) young.Next(i % 3 == 0 ? 1e300 : std::nan(""));
  CHECK_FALSE(young.baseline().memory().learned_at);
  world.Next(20);
  CHECK(world.baseline().memory().mean == doctest::Approx(before.mean).epsilon(0.01));
}

TEST_CASE("AnomalyBaseline: goes on from its memory as if nothing had been") {
  World world;
  world.LearnNormal();
  AnomalyBaseline copy(world.baseline().memory());
  const UtcTime at = At(world.now() + 1);
  CHECK(copy.Compare(23, at, world.settings()) ==
        world.baseline().Compare(23, at, world.settings()));
}

}  // namespace fleet_edge::rules
