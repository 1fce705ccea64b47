#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"

namespace fleet_edge::rules {

/// The readings of a test's recordings, side by side in the order of their times. Lent to a test by
/// whoever may read files: rules do no I/O.
class RecordedReadings {
 public:
  RecordedReadings() = default;
  RecordedReadings(const RecordedReadings&) = delete;
  RecordedReadings& operator=(const RecordedReadings&) = delete;
  virtual ~RecordedReadings() = default;

  /// The next one that is good, with the recording's own time; null at the end. Valid until the
  /// next call.
  virtual const Reading* Next() = 0;
};

/// Opens the recordings that a test names, as its file has them; their series are made in the
/// registry, which outlives them.
/// Errors: kFatal, one of them can't be read; the message says which and why.
using OpenRecordings = std::function<Result<std::unique_ptr<RecordedReadings>>(
    const std::vector<std::string>& files, SeriesRegistry& registry)>;

}  // namespace fleet_edge::rules
