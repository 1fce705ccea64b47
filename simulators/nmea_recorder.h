#pragma once

#include <cstddef>
#include <string>

#include "core/time.h"
#include "simulators/output_file.h"
#include "simulators/recorder.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// A log of NMEA 0183: what the receiver says, once a second. A silent one says nothing.
class NmeaRecorder final : public Recorder {
 public:
  NmeaRecorder(const std::string& path, UtcTime start) : start_(start), file_(path) {}

  void Add(Duration since_start, const VehicleState& shown) override;
  void Flush() override { file_.Flush(); }
  std::size_t count() const override { return epochs_; }

 private:
  const UtcTime start_;
  OutputFile file_;
  std::size_t epochs_ = 0;
};

}  // namespace fleet_edge::simulators
