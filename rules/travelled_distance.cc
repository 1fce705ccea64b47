#include "rules/travelled_distance.h"

#include <optional>

#include "core/time.h"
#include "rules/geodesy.h"

namespace fleet_edge::rules {
namespace {

constexpr double kLeastHopM = 25;
constexpr double kFastestMps = 250 / 3.6;

}  // namespace

bool TravelledDistance::Track::CanReach(const GeoFix& fix) const {
  const double hop_m = DistanceM(last.position, fix.position);
  return hop_m <= kLeastHopM || hop_m <= kFastestMps * ToSeconds(fix.time - last.time);
}

double TravelledDistance::Track::Extend(const GeoFix& fix) {
  last = fix;
  const double hop_m = DistanceM(counted, fix.position);
  if (hop_m < kLeastHopM) return 0;
  counted = fix.position;
  return hop_m;
}

void TravelledDistance::Add(const GeoFix& fix) {
  for (std::optional<Track>* const track : {&believed_, &doubted_}) {
    if (!*track || !(*track)->CanReach(fix)) continue;
    metres_ += (*track)->Extend(fix);
    if (track == &doubted_) believed_ = doubted_;
    doubted_.reset();
    return;
  }
  (believed_ ? doubted_ : believed_) = Track{fix.position, fix};
}

}  // namespace fleet_edge::rules
