#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/health/health.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// Turns what is found wrong at each look into problems that begin and end: what comes and goes
/// with each look is no news to people. How long a kind must be found before it is a problem, and
/// be away before it is none, and which kind is noted until then, is in health_watch.cc.
///
/// Owned by App, used on the main thread.
class HealthWatch {
 public:
  struct Change {
    Problem problem;
    std::optional<Duration> lasted{};  ///< it has ended; nothing: it begins or worsens
    bool worse = false;                ///< it goes on, and is worse than was told so far
  };

  /// Beyond this many no problem begins until others end: who sees a thousand sees none.
  static constexpr std::size_t kMaxProblems = 100;

  /// `found` at the moment `boot`, which is `now`; called every second or so. What is found twice,
  /// by id and subject, counts once. `Problem::since` of what is found is not looked at.
  std::vector<Change> Note(std::vector<Problem> found, UtcTime now, BootTime boot);

  /// What is wrong by the last Note(), with what is only noted so far (Problem::early).
  const Health& health() const { return health_; }

 private:
  struct Case {
    Problem problem;
    BootTime first;     // found
    BootTime last;      // found
    Duration found{0};  // for how long, in all
    bool open = false;  // it is a problem
    Severity told{};    // the worst while it was open
  };

  void Find(Problem problem, BootTime boot);
  std::vector<Change> Begin(UtcTime now, BootTime boot);
  void MakeHealth();

  std::map<std::pair<std::string, std::string>, Case> cases_;  // by id and subject
  std::optional<BootTime> last_look_;
  Health health_;
};

}  // namespace fleet_edge::agent
