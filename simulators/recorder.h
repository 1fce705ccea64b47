#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// Writes what one vehicle's sensors show into a file that `fleet-edge replay` reads. One thread.
class Recorder {
 public:
  virtual ~Recorder() = default;

  /// What is shown at `since_start`, a multiple of 100 ms. Throws std::runtime_error when the disk
  /// is full.
  virtual void Add(Duration since_start, const VehicleState& shown) = 0;

  /// Throws std::runtime_error when what was written doesn't reach the file.
  virtual void Flush() = 0;

  /// What was written: readings of a CSV, sentences' epochs, frames.
  virtual std::size_t count() const = 0;
};

/// `csv`, `nmea` or `candump` by the end of a file's name: .nmea, .candump, any other.
std::string_view RecordingFormatOf(std::string_view path);

/// Begins a recording in the format of its name, of a vehicle like `state`. Throws
/// std::runtime_error when the file can't be written.
std::unique_ptr<Recorder> MakeRecorder(const std::string& path, const VehicleState& state,
                                       UtcTime start);

}  // namespace fleet_edge::simulators
