#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/section.h"
#include "core/time.h"
#include "drivers/can/can_reader.h"

namespace fleet_edge::drivers {

/// How a recording is to be read; its keys are those of the `replay` driver. A value.
struct RecordingOptions {
  struct Time {
    std::string column = "time";
    std::string unit;  ///< of kTimeUnitNames; empty: seconds or ISO 8601, by its looks
  };
  struct Column {
    std::string column;    ///< of a CSV
    std::string unit;      ///< empty: the catalogue's, or as the DBC file says
    std::string signal{};  ///< in place of `column`: of a DBC file
  };

  std::string format;  ///< csv, nmea, genivi, candump or asc; empty: told by the content
  Time time;
  Duration period{};  ///< between rows of a CSV without a time column
  std::string start;  ///< ISO 8601: the zero of times that count from the recording's start
  std::map<std::string, Column> signals;  ///< by series; of a CSV, or of `dbc`
  std::string dbc;                        ///< candump, asc: a DBC file; empty: none
  std::optional<bool> j1939;              ///< candump, asc; nothing: when there is no `dbc`

  CanDecoding decoding{};
};

void Describe(Section& section, RecordingOptions::Time& time);
void Describe(Section& section, RecordingOptions::Column& column);
void Describe(Section& section, RecordingOptions& options);

}  // namespace fleet_edge::drivers
