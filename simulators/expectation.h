#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::simulators {

/// Which alerts follow of a scenario: each of `must` fires at least once in its window, those of
/// `may` are left open in theirs, and nothing else fires. A value.
struct Expectation {
  struct Alert {
    std::string alert;
    std::string vehicle{};  ///< empty: of each
    Labels labels{};        ///< among the alert's
    Duration from{};        ///< since the start
    Duration within{};      ///< after `from`; zero: to the end
    Position position{};    ///< in the file

    /// True for a firing of this alert with these labels.
    bool Fits(const std::string& name, const Labels& its) const;
    /// True when it lies in the window.
    bool Covers(Duration since_start) const;
  };

  /// An alert that fired.
  struct Firing {
    std::string alert;
    Labels labels;
    Duration since_start;
  };

  std::string rules;  ///< a pattern of rule files; for who replays
  std::vector<Alert> must{};
  std::vector<Alert> may{};

  /// What is wrong with the firings of one vehicle, a line each; empty when they are as expected.
  std::vector<std::string> Judge(const std::string& vehicle,
                                 const std::vector<Firing>& firings) const;
};

void Describe(Section& section, Expectation::Alert& alert);
void Describe(Section& section, Expectation& expectation);

}  // namespace fleet_edge::simulators
