#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "core/time.h"

namespace fleet_edge::agent {

/// Tells when the outbox will be empty at the pace of the last minute. Any thread.
class DrainMeter {
 public:
  /// Records that wait at `now`; called every second or so.
  void Note(BootTime now, std::uint64_t queued);

  /// Nothing while it does not shrink, or too little is known.
  std::optional<Duration> ToEmpty() const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::pair<BootTime, std::uint64_t>> notes_;  // of the last minute; guarded by mutex_
};

}  // namespace fleet_edge::agent
