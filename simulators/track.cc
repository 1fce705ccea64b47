#include "simulators/track.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "simulators/columns.h"

namespace fleet_edge::simulators {
namespace {

// On a sphere, flat between two rows: exact to centimetres over the length of a row.
constexpr double kMetresPerDegree = 6'371'000 * std::numbers::pi / 180;
// A row nearer than this to the one before it tells nothing of the direction.
constexpr double kMinStepMetres = 1;
// Curvature is told this often, and judged by ways three times as long: positions stray by a metre.
constexpr double kSurveyMetres = 10;
constexpr double kChordMetres = 3 * kSurveyMetres;
// At the ends: a lorry turns within walls 12.5 m apart from the centre (96/53/EC).
constexpr double kTurn = 1 / 12.5;

struct Step {
  double north_m;
  double east_m;
};

Step Between(double from_latitude, double from_longitude, double to_latitude, double to_longitude) {
  const double latitude = (from_latitude + to_latitude) / 2 * std::numbers::pi / 180;
  return {.north_m = (to_latitude - from_latitude) * kMetresPerDegree,
          .east_m = (to_longitude - from_longitude) * kMetresPerDegree * std::cos(latitude)};
}

}  // namespace

Track::Track(std::string_view csv) {
  const std::vector<std::vector<double>> columns =
      ReadColumns(csv, {"latitude_deg", "longitude_deg"});
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    Point point{.latitude_deg = columns[0][i], .longitude_deg = columns[1][i], .metres = 0};
    if (!points_.empty()) {
      const Point& last = points_.back();
      const Step step =
          Between(last.latitude_deg, last.longitude_deg, point.latitude_deg, point.longitude_deg);
      const double length = std::hypot(step.north_m, step.east_m);
      if (length < kMinStepMetres) continue;
      point.metres = last.metres + length;
    }
    points_.push_back(point);
  }
  if (points_.size() < 2) throw std::invalid_argument("a track that goes nowhere");
  Survey();
}

void Track::Survey() {
  const auto heading = [this](double from) {
    const Place begin = At(from);
    const Place end = At(from + kChordMetres);
    const Step step =
        Between(begin.latitude_deg, begin.longitude_deg, end.latitude_deg, end.longitude_deg);
    return std::atan2(step.east_m, step.north_m);
  };
  for (double along = 0; along <= metres(); along += kSurveyMetres) {
    const bool at_end = along < kChordMetres || along > metres() - kChordMetres;
    const double turned = heading(along) - heading(std::max(0.0, along - kChordMetres));
    // Headings run clockwise.
    const double left = -std::remainder(turned, 2 * std::numbers::pi) / kChordMetres;
    curvatures_.push_back(at_end ? kTurn : left);
  }
}

double Track::CurvatureAt(double metres) const {
  double along = std::fmod(metres, 2 * this->metres());
  const bool back = along > this->metres();
  if (back) along = 2 * this->metres() - along;
  const auto stretch =
      std::min(static_cast<std::size_t>(along / kSurveyMetres), curvatures_.size() - 1);
  return back ? -curvatures_[stretch] : curvatures_[stretch];
}

Track::Place Track::At(double metres) const {
  double along = std::fmod(metres, 2 * this->metres());
  const bool back = along > this->metres();
  if (back) along = 2 * this->metres() - along;

  const auto after =
      std::upper_bound(points_.begin() + 1, points_.end() - 1, along,
                       [](double place, const Point& point) { return place < point.metres; });
  const Point& to = *after;
  const Point& from = *(after - 1);
  const double share = (along - from.metres) / (to.metres - from.metres);
  const Step step =
      Between(from.latitude_deg, from.longitude_deg, to.latitude_deg, to.longitude_deg);
  const double heading = std::atan2(step.east_m, step.north_m) * 180 / std::numbers::pi;
  return {.latitude_deg = from.latitude_deg + share * (to.latitude_deg - from.latitude_deg),
          .longitude_deg = from.longitude_deg + share * (to.longitude_deg - from.longitude_deg),
          .heading_deg = std::fmod(heading + (back ? 540 : 360), 360)};
}

}  // namespace fleet_edge::simulators
