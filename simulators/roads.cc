#include "simulators/roads.h"

#include <string_view>

#include "simulators/drive_cycle.h"
#include "simulators/recordings.h"

namespace fleet_edge::simulators {

Roads::Roads()
    : udds_(UddsCycle()),
      us06_(Us06Cycle()),
      regensburg_(RegensburgTrack(), "speed_mps"),
      track_(RegensburgTrack()) {}

const DriveCycle* Roads::Cycle(std::string_view name) const {
  if (name == "udds") return &udds_;
  if (name == "us06") return &us06_;
  if (name == "track") return &regensburg_;
  return nullptr;
}

}  // namespace fleet_edge::simulators
