#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {

/// What the agents promise, and what was done to them: decides what may be missing.
///
/// A reading is promised `durable_within` after the agent has accepted it. The simulator knows only
/// when it was sent; `slack` is how long the way from there may take.
class Promise {
 public:
  /// From a SIGKILL until the agent is up again.
  struct Absence {
    UtcTime begin;
    UtcTime end;
  };

  Promise() : Promise(std::chrono::seconds{2}, std::chrono::milliseconds{500}) {}
  Promise(Duration durable_within, Duration slack) : unsafe_(durable_within + slack) {}

  void Add(const LedgerNote& note) { notes_.push_back(note); }

  /// False when `vehicle`'s agent was killed so soon after `sent` that the reading may be gone, or
  /// come twice: the MQTT broker may deliver it anew.
  bool Covers(const std::string& vehicle, UtcTime sent) const;

  /// The absence that leaves open what an alert did between the two instants: windows were lost and
  /// filled anew.
  std::optional<Absence> Disturbs(const std::string& vehicle, UtcTime from, UtcTime to) const;

 private:
  std::vector<Absence> AbsencesOf(const std::string& vehicle) const;

  Duration unsafe_;
  std::vector<LedgerNote> notes_;
};

}  // namespace fleet_edge::simulators
