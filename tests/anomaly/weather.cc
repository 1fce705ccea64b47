#include "tests/anomaly/weather.h"

#include <algorithm>
#include <cmath>

#include "tests/anomaly/random.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kDayS = 86'400;
constexpr double kDriftTimeS = 7'200;
constexpr double kDriftSigma = 1.2;
constexpr double kCloudTimeS = 720;
constexpr double kSurfaceTimeS = 60;

/// A sine's likeness, −1 to 1, in plain arithmetic.
double CourseOfDay(double clock_s) {
  const double x = std::fmod(clock_s, kDayS) / kDayS * 2 - 1;
  return 4 * x * (1 - std::abs(x));
}

}  // namespace

Weather::Weather(Random& random)
    : clock_s_(random.Between(0, kDayS)),
      mean_(random.Between(-3, 30)),
      swing_(random.Between(3, 8)),
      celsius_(mean_ + swing_ * CourseOfDay(clock_s_)) {}

void Weather::Step(Random& random) {
  clock_s_ += 1;
  const double course = CourseOfDay(clock_s_);
  drift_ += -drift_ / kDriftTimeS + random.Normal() * kDriftSigma * std::sqrt(2 / kDriftTimeS);
  if (random.Chance(1 / kCloudTimeS)) clear_ = !clear_;
  const double sun = clear_ ? std::max(course, 0.0) : 0;
  warmed_ += (sun - warmed_) / kSurfaceTimeS;
  celsius_ = mean_ + swing_ * course + drift_;
}

}  // namespace fleet_edge::anomaly
