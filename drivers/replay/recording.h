#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "drivers/replay/recording_options.h"

namespace fleet_edge::drivers {

/// Where a recording's readings are registered and its faults counted. All of it outlives the
/// recording.
struct RecordingContext {
  std::string name;  ///< the label `driver` of its counters
  SeriesRegistry& series;
  Counters& counters;
  std::uint16_t driver = 0;  ///< what goes into Reading::driver
};

/// The readings of a recorded file, in the file's order.
///
/// One thread. Holds one line at a time, whatever the file's size.
class Recording {
 public:
  Recording() = default;
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  virtual ~Recording() = default;

  /// Reads the next line and appends its readings to `out`: none when the line has none or is
  /// refused (which is counted). False at the end of the file, or when it can't be read on
  /// (logged).
  virtual bool Next(std::vector<Reading>& out) = 0;
};

/// Opens a file.
/// Errors: kFatal, it can't be read, its format is unknown, or its header doesn't fit the options;
/// the message says what and how to mend it.
Result<std::unique_ptr<Recording>> OpenRecording(const std::string& path,
                                                 const RecordingOptions& options,
                                                 const RecordingContext& context);

}  // namespace fleet_edge::drivers
