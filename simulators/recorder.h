#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// Writes what one vehicle's sensors show as a CSV that `fleet-edge replay` reads: a row every
/// 100 ms, each signal as often as vehicles measure it, by the catalogue. What is silent is an
/// empty cell; rows without a value are left out. One thread.
class Recorder {
 public:
  /// Begins the file, with the columns that such a vehicle has. Throws std::runtime_error.
  Recorder(const std::string& path, const VehicleState& state, UtcTime start);

  /// The row of `since_start`, a multiple of 100 ms. Throws std::runtime_error when the disk is
  /// full.
  void Add(Duration since_start, const VehicleState& shown);

  /// Throws std::runtime_error when what was written didn't reach the file.
  void Flush();

  std::size_t readings() const { return readings_; }

 private:
  struct Column {
    SeriesName series;
    Duration period;
    int decimals;
  };
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void Write(const std::string& text);

  const std::string path_;
  const UtcTime start_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::vector<Column> columns_;
  std::size_t readings_ = 0;
};

}  // namespace fleet_edge::simulators
