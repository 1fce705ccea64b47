#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/j1939_group.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/output_file.h"
#include "simulators/recorder.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// A log as `candump -l` writes it of a truck's bus: the groups of SAE J1939 that its controllers
/// send. What is silent is "not available" in its group.
class CandumpRecorder final : public Recorder {
 public:
  CandumpRecorder(const std::string& path, UtcTime start);

  void Add(Duration since_start, const VehicleState& shown) override;
  void Flush() override { file_.Flush(); }
  std::size_t count() const override { return frames_; }

 private:
  struct Sender {
    const J1939Group* group;
    Schedule schedule;
  };

  const UtcTime start_;
  OutputFile file_;
  std::vector<Sender> senders_;
  std::size_t frames_ = 0;
};

}  // namespace fleet_edge::simulators
