#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// Tells when the outbox will be full at the pace of the last ten minutes. Any thread.
class FillMeter {
 public:
  /// `disk` is what the outbox takes at `now`; called every second or so.
  void Note(BootTime now, Bytes disk);

  /// Until `quota` is taken; 0 when it is. Nothing while the outbox does not grow, or was watched
  /// for less than a minute: a database grows in steps.
  std::optional<Duration> ToFull(Bytes quota) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::pair<BootTime, Bytes>> notes_;  // of the last ten minutes; guarded by mutex_
};

}  // namespace fleet_edge::agent
