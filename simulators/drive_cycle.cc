#include "simulators/drive_cycle.h"

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "simulators/columns.h"

namespace fleet_edge::simulators {

DriveCycle::DriveCycle(std::string_view csv, std::string_view column)
    : speeds_mps_(std::move(ReadColumns(csv, {column}).front())) {
  if (speeds_mps_.empty()) throw std::invalid_argument("a drive cycle without rows");
}

double DriveCycle::SpeedMps(double seconds) const {
  const double place = std::fmod(seconds, this->seconds());
  const auto row = static_cast<std::size_t>(place);
  const double from = speeds_mps_[row];
  const double to = speeds_mps_[(row + 1) % speeds_mps_.size()];
  return from + (to - from) * (place - static_cast<double>(row));
}

}  // namespace fleet_edge::simulators
