#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/output_file.h"
#include "simulators/recorder.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// A CSV of all signals: a row every 100 ms, each signal as often as vehicles measure it, by the
/// catalogue. What is silent is an empty cell; rows without a value are left out.
class CsvRecorder final : public Recorder {
 public:
  CsvRecorder(const std::string& path, const VehicleState& state, UtcTime start);

  void Add(Duration since_start, const VehicleState& shown) override;
  void Flush() override { file_.Flush(); }
  std::size_t count() const override { return readings_; }

 private:
  struct Column {
    SeriesName series;
    Duration period;
    int decimals;
  };

  const UtcTime start_;
  OutputFile file_;
  std::vector<Column> columns_;
  std::size_t readings_ = 0;
};

}  // namespace fleet_edge::simulators
