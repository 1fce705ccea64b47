#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/result.h"
#include "drivers/replay/recording.h"

namespace fleet_edge::agent {

/// Readings of several recordings in the order of their times, as sensors side by side would have
/// given them. Within one recording the file's order holds.
///
/// One thread. Holds a line of each recording.
class MergedRecordings {
 public:
  /// Takes one more recording in; before the first Next().
  void Add(std::unique_ptr<drivers::Recording> recording);

  /// The next reading, or null at the end of all. Valid until the next call.
  Reading* Next();

 private:
  struct Source {
    std::unique_ptr<drivers::Recording> recording;
    std::vector<Reading> line;
    std::size_t at = 0;  // in `line`
  };

  /// False at the recording's end.
  static bool Fill(Source& source);

  std::vector<Source> sources_;  // those that have a reading at `at`
  Source* last_ = nullptr;       // the one Next() took from
};

}  // namespace fleet_edge::agent
