#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/stop_event.h"

namespace fleet_edge::drivers {

/// A driver's life with its device: sessions one after another, each from opening the device to
/// its loss, with waits between them that double from a second to a minute, by chance up to half
/// shorter. A session of ten seconds and more ends that series. Within it a loss is logged once,
/// however often the same follows, and so is the return.
///
/// One thread: the driver's.
class Sessions {
 public:
  /// Opens the device, calls `opened` as soon as it answers, and works until the stop or the
  /// device's loss. Returns why it ended, for people; read by no one after a stop.
  using Session = std::function<std::string(const std::function<void()>& opened)>;

  /// Borrows `clock`, which outlives it.
  Sessions(std::string driver, const Clock& clock, Session session,
           std::function<void()> meanwhile);

  /// Returns at the stop. Calls `meanwhile` at least once a second between two sessions.
  void Run(const std::stop_token& stop, const StopEvent& stopped);

 private:
  const std::string driver_;
  const Clock& clock_;
  const Session session_;
  const std::function<void()> meanwhile_;
};

}  // namespace fleet_edge::drivers
