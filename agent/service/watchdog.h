#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::agent {

/// Judges by their turns whether the pipeline and the uplink get on, and so whether systemd's
/// watchdog is told that the agent lives: ADR 0038.
///
/// Owned by App, on its thread. Knows no clock: `now` is an argument.
class Watchdog {
 public:
  /// For how long the uplink may stand still: it waits for the disk, and a damaged outbox of its
  /// full quota takes minutes to save on a slow card. The kernel itself calls a task hung after two
  /// minutes.
  static constexpr Duration kDiskPatience = std::chrono::minutes{10};

  /// A round of the pipeline lasts no longer, its wait of a second included.
  static constexpr Duration kLongestTurn = std::chrono::seconds{2};

  /// Signs of life are due when nobody watches, too: they carry the status.
  static constexpr Duration kUnwatched = std::chrono::seconds{30};

  /// Counted since the start, each up by one at least every second while the part gets on.
  struct Turns {
    std::uint64_t pipeline = 0;
    std::uint64_t uplink = 0;
  };

  enum class Verdict : std::uint8_t {
    kNotYet,  ///< no sign of life is due, or a part may yet get on
    kAlive,   ///< give one
    kHangs,   ///< a part has stood still for too long; told once, until it gets on again
  };

  /// `period`: what systemd waits for; see ServiceManager::WatchdogPeriod().
  explicit Watchdog(std::optional<Duration> period) : period_(period.value_or(kUnwatched)) {}

  /// To be asked at least every LookEvery().
  Verdict Look(BootTime now, const Turns& turns);

  /// A quarter of the period, and no more than a second: a part that gets on has always moved
  /// within half the period.
  Duration LookEvery() const;

  /// Which part hangs; after kHangs.
  std::string_view culprit() const { return culprit_; }

 private:
  /// When a count was last seen to move.
  struct Pulse {
    std::optional<std::uint64_t> turns;
    BootTime at{};

    void Note(BootTime now, std::uint64_t seen);
  };

  const Duration period_;
  Pulse pipeline_;
  Pulse uplink_;
  std::optional<BootTime> alive_at_;
  std::string_view culprit_;
};

}  // namespace fleet_edge::agent
