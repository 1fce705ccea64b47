#pragma once

#include <optional>
#include <string>

#include "core/time.h"

namespace fleet_edge::agent {

/// What the agent tells systemd of itself, and what systemd asks of it. Started by anyone else, it
/// tells nobody.
///
/// Owned by App, on its thread: to tell may block for as long as systemd is slow to listen.
class ServiceManager {
 public:
  /// How long systemd waits for a sign of life before it ends the agent (WatchdogSec=); nothing
  /// when it doesn't watch this process.
  static std::optional<Duration> WatchdogPeriod();

  /// Every part runs, or the reload is done.
  void Ready() const;

  /// The rules are read anew. Ready() follows.
  void Reloading() const;

  /// A sign of life, and how things are, in a sentence for `systemctl status`.
  void Alive(const std::string& status) const;

  /// How things are, when that is no sign of life.
  void Say(const std::string& status) const;

  /// The orderly end has begun.
  void Stopping() const;
};

}  // namespace fleet_edge::agent
