#include "simulators/recorder.h"

#include <memory>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/candump_recorder.h"
#include "simulators/csv_recorder.h"
#include "simulators/nmea_recorder.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

std::string_view RecordingFormatOf(std::string_view path) {
  if (path.ends_with(".nmea")) return "nmea";
  if (path.ends_with(".candump")) return "candump";
  return "csv";
}

std::unique_ptr<Recorder> MakeRecorder(const std::string& path, const VehicleState& state,
                                       UtcTime start) {
  const std::string_view format = RecordingFormatOf(path);
  if (format == "nmea") return std::make_unique<NmeaRecorder>(path, start);
  if (format == "candump") return std::make_unique<CandumpRecorder>(path, start);
  return std::make_unique<CsvRecorder>(path, state, start);
}

}  // namespace fleet_edge::simulators
