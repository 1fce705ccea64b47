#include "tests/anomaly/trip.h"

#include <algorithm>
#include <cmath>

#include "tests/anomaly/random.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kMinuteS = 60;
constexpr double kHourS = 3'600;
constexpr double kLoadTimeS = 40;
constexpr double kLoadMean = 0.4;
constexpr double kLoadSigma = 0.15;
constexpr double kIdleLoad = 0.05;

}  // namespace

Trip::Trip(Random& random) : ends_s_(random.Between(0, kHourS)) {}

void Trip::Step(Random& random) {
  now_s_ += 1;
  if (now_s_ >= ends_s_) Next(random);
  StepRoad(random);
}

void Trip::Next(Random& random) {
  began_s_ = now_s_;
  if (doing_ != Doing::kDrives) {
    doing_ = Doing::kDrives;
    ends_s_ = now_s_ + random.Between(25, 150) * kMinuteS;
  } else if (random.Chance(0.12)) {
    doing_ = Doing::kParks;
    ends_s_ = now_s_ + random.Between(4, 10) * kHourS;
  } else {
    doing_ = Doing::kStops;
    idles_ = random.Chance(0.4);
    ends_s_ = now_s_ + random.Between(3, 45) * kMinuteS;
  }
}

void Trip::StepRoad(Random& random) {
  cruising_ += (kLoadMean - cruising_) / kLoadTimeS +
               random.Normal() * kLoadSigma * std::sqrt(2 / kLoadTimeS);
  if (now_s_ >= hill_until_s_ && random.Chance(1 / (15 * kMinuteS))) {
    hill_until_s_ = now_s_ + random.Between(1, 6) * kMinuteS;
    hill_load_ = random.Between(0.7, 1);
  }
  if (now_s_ >= standstill_until_s_ && random.Chance(1 / (6 * kMinuteS))) {
    standstill_until_s_ = now_s_ + random.Between(20, 120);
  }
  load_ = std::clamp(cruising_, 0.0, 1.0);
  headwind_ = 1.2;
  if (now_s_ < hill_until_s_) {
    load_ = std::max(load_, hill_load_);
    headwind_ = 0.7;
  }
  if (doing_ != Doing::kDrives || now_s_ < standstill_until_s_) {
    load_ = kIdleLoad;
    headwind_ = 0;
  }
}

}  // namespace fleet_edge::anomaly
