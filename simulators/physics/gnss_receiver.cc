#include "simulators/physics/gnss_receiver.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulators/random.h"
#include "simulators/track.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

// u-blox M8 data sheet: cold start 26 to 29 s, hot start and reacquisition 1 s; position 2.5 m CEP,
// which is 2.1 m on each axis; velocity 0.05 m/s, heading 0.3° at 30 m/s.
constexpr double kColdStartS = 28;
constexpr double kReacquireS = 1;
constexpr double kHorizontalM = 2.1;
constexpr double kVelocityMps = 0.05;
// Chosen: errors of the ionosphere and of reflections keep their course for a minute or so, and
// heights are twice as uncertain.
constexpr double kWanderS = 60;
constexpr double kVerticalM = 4;
constexpr double kMetresPerDegree = 6'371'000 * std::numbers::pi / 180;

double Radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

GnssReceiver::GnssReceiver(bool cold, Random& random)
    : search_s_(cold ? kColdStartS : 0),
      north_m_(kHorizontalM * random.Normal()),
      east_m_(kHorizontalM * random.Normal()),
      up_m_(kVerticalM * random.Normal()),
      sky_(random.Normal()) {}

/// Ornstein and Uhlenbeck's process: the error is forgotten over kWanderS and stays as large.
void GnssReceiver::Wander(double seconds, Random& random) {
  const double kept = std::exp(-seconds / kWanderS);
  const double fresh = std::sqrt(1 - kept * kept);
  north_m_ = kept * north_m_ + fresh * kHorizontalM * random.Normal();
  east_m_ = kept * east_m_ + fresh * kHorizontalM * random.Normal();
  up_m_ = kept * up_m_ + fresh * kVerticalM * random.Normal();
  sky_ = kept * sky_ + fresh * random.Normal();
}

void GnssReceiver::Step(double seconds, const Track::Place& place, double altitude_m,
                        double speed_mps, bool covered, Random& random) {
  Wander(seconds, random);
  search_s_ = covered ? std::max(search_s_, kReacquireS) : search_s_ - seconds;
  if (covered || search_s_ > 0) {
    report_ = {};
    return;
  }
  const double drift_deg = 0.3 * random.Normal() * 30 / std::max(speed_mps, 1.0);
  report_.fix = 3;
  report_.latitude_deg = place.latitude_deg + north_m_ / kMetresPerDegree;
  report_.longitude_deg =
      place.longitude_deg + east_m_ / (kMetresPerDegree * std::cos(Radians(place.latitude_deg)));
  report_.altitude_m = altitude_m + up_m_;
  report_.speed_kmh = 3.6 * std::max(0.0, speed_mps + kVelocityMps * random.Normal());
  // Two decimals must not make 360.00 of it.
  report_.heading_deg = std::min(std::fmod(place.heading_deg + drift_deg + 360, 360), 359.99);
  report_.satellites = std::clamp(static_cast<int>(std::lround(11 + 1.5 * sky_)), 5, 16);
  report_.hdop = std::max(0.5, 0.9 - 0.12 * sky_);
}

}  // namespace fleet_edge::simulators
