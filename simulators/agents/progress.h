#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/time.h"

namespace fleet_edge::agents {

/// Tells people how far a run is: on a terminal a bar that stays on its line, four times a second;
/// elsewhere a line every ten seconds.
///
/// One thread.
class Progress {
 public:
  struct State {
    Duration done{};  ///< of simulated time
    Duration all{};
    std::uint64_t readings = 0;
    std::uint64_t acknowledged = 0;  ///< records
    std::uint64_t waiting = 0;       ///< records
    Duration behind{};               ///< the pace that was asked for
    std::string error{};             ///< of the hub; empty: all is well
  };

  /// `columns`: of the terminal, which a longer line would leave; 0: there is none. `stream`
  /// outlives it.
  Progress(std::FILE* stream, std::size_t columns) : stream_(stream), columns_(columns) {}

  /// Whether Show() would say something: its state may be costly.
  bool due(std::chrono::steady_clock::time_point now) const { return now >= next_; }

  void Show(const State& state, std::chrono::steady_clock::time_point now);

  /// Leaves the bar's line.
  void End();

 private:
  std::FILE* const stream_;
  const std::size_t columns_;
  bool on_a_line_ = false;
  std::chrono::steady_clock::time_point next_;
};

/// `[####----] 5m of 10m, 60,000,000 readings, 599,000 acknowledged, 1,200 waiting`; `width` is the
/// bar's, 0: none.
std::string ToText(const Progress::State& state, int width);

/// How wide the terminal is that the open file `fd` is; 0: it is none.
std::size_t TerminalColumns(int fd);

}  // namespace fleet_edge::agents
