#pragma once

#include <spdlog/async.h>
#include <spdlog/logger.h>

#include <cstddef>
#include <memory>

namespace fleet_edge::agent {

/// Writes the log on a thread of its own, so that whoever logs never waits for a journal or a
/// terminal that takes nothing.
///
/// The default logger's lines go through a queue of kLines; when it is full the oldest line goes,
/// and the log says how many were lost as soon as it takes lines again. Made after SetUpLog and
/// before other threads start; destroyed after they have ended, which writes what is still queued
/// and gives the default logger back: that waits for a journal that hangs, until the service
/// manager's TimeoutStopSec. A process that is killed takes the queued lines with it.
class LogThread {
 public:
  /// Queued lines: more than a start or a reload with every driver at fault writes; of usual length
  /// 0.1 MB.
  static constexpr std::size_t kLines = 256;

  LogThread();
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;

 private:
  const std::shared_ptr<spdlog::logger> direct_;
  const std::shared_ptr<spdlog::details::thread_pool> thread_;
};

}  // namespace fleet_edge::agent
