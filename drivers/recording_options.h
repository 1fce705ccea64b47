#pragma once

#include <map>
#include <string>

#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::drivers {

/// How a recording is to be read; its keys are those of the `replay` driver. A value.
struct RecordingOptions {
  struct Time {
    std::string column = "time";
    std::string unit;  ///< of kTimeUnitNames; empty: seconds or ISO 8601, by its looks
  };
  struct Column {
    std::string column;
    std::string unit;  ///< empty: the catalogue's
  };

  std::string format;  ///< csv, nmea, genivi or candump; empty: told by the content
  Time time;
  Duration period{};  ///< between rows of a CSV without a time column
  std::string start;  ///< ISO 8601: the zero of times that count from the recording's start
  std::map<std::string, Column> signals;  ///< by series; CSV only
};

void Describe(Section& section, RecordingOptions::Time& time);
void Describe(Section& section, RecordingOptions::Column& column);
void Describe(Section& section, RecordingOptions& options);

}  // namespace fleet_edge::drivers
