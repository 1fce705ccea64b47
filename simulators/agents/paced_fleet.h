#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/agents/fleet.h"
#include "simulators/agents/hub_line.h"
#include "simulators/agents/progress.h"
#include "simulators/agents/usage.h"
#include "simulators/ledger_file.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::agents {

/// A fleet at a pace, with its ledger, and a bar for who watches. One thread.
class PacedFleet {
 public:
  struct Options {
    Fleet::Options fleet;
    std::vector<std::string> judged_alerts;  ///< see LedgerStart::alerts
    std::string ledger;
    /// Simulated seconds a second. Nothing: as fast as this machine and the hub can.
    std::optional<double> speed = 1;
    /// How long to wait at the end for a hub that acknowledges nothing.
    Duration patience = std::chrono::seconds{60};
  };

  /// What was done.
  struct Summary {
    Fleet::Counts counts;
    HubLine::Counts line;
    Duration simulated{};
    Duration took{};
    Duration most_behind{};  ///< the pace
    Duration cpu{};          ///< since the agents were made
    Bytes memory;            ///< by which the process has grown, at most
  };

  /// Begins the ledger and makes the agents. `line` outlives it. Throws std::runtime_error.
  PacedFleet(const Options& options, HubLine& line);

  /// Until all has arrived, patience is over, or a signal: then nothing more is measured, and what
  /// waits is sent without regard to the pace.
  Summary Run(simulators::StopSignal& stop, Progress& progress);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void BeginLedger();
  void KeepPace(simulators::StopSignal& stop);
  bool GivesUp();
  void Tell(Progress& progress);

  const Options options_;
  HubLine& line_;
  const Usage before_;
  simulators::LedgerWriter ledger_;
  Fleet fleet_;

  SteadyTime begin_;
  bool hurries_ = false;  // a signal has come
  std::uint64_t acknowledged_ = 0;
  SteadyTime heard_;  // when the hub last acknowledged something
  Duration behind_{};
  Duration most_behind_{};
};

}  // namespace fleet_edge::agents
