#include "agent/page/track.h"

#include <cstddef>
#include <vector>

#include "rules/geodesy.h"

namespace fleet_edge::agent {

void Track::Add(const Point& point) {
  if (!points_.empty() && rules::DistanceM(points_.back().position, point.position) < spacing_m_) {
    return;
  }
  if (points_.size() == kPoints) {
    for (std::size_t i = 0; 2 * i < kPoints; ++i) points_[i] = points_[2 * i];
    points_.resize(kPoints / 2);
    spacing_m_ *= 2;
  }
  points_.push_back(point);
}

}  // namespace fleet_edge::agent
