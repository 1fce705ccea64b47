#pragma once

#include <chrono>

#include "core/time.h"

namespace fleet_edge::drivers {

/// How long the thread that receives rests after a message of a stream, so that those which follow
/// are taken in one go: to be woken by each costs more than to read it.
///
/// Only a stream is rested for, never a message that comes alone; and the faster it is, the less:
/// brokers stop when 20 messages (mosquitto's default) are unacknowledged. One thread.
class ReceivePace {
 public:
  static constexpr std::chrono::milliseconds kMost{40};

  /// To be asked after each message, at `now`; the caller rests that long before it takes the next.
  /// 5 ms to kMost, or zero.
  Duration RestAfterMessage(BootTime now);

 private:
  Duration rest_{};          // as the stream's pace allows
  BootTime since_{};         // its pace is measured
  Duration::rep taken_ = 0;  // messages since
  BootTime last_{};          // message
  BootTime awake_{};         // the end of the last rest
};

}  // namespace fleet_edge::drivers
