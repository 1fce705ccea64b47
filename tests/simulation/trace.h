#pragma once

#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <utility>

#include "core/time.h"
#include "tests/simulation/simulated_clock.h"

namespace fleet_edge::simulation {

/// Tells on standard output what happens in a life, for who looks into a seed that failed.
class Trace {
 public:
  Trace(bool on, const SimulatedClock& clock) : on_(on), clock_(clock) {}

  bool on() const { return on_; }

  template <typename... Values>
  void Say(fmt::format_string<Values...> text, Values&&... values) const {
    if (!on_) return;
    fmt::print("{:10.3f}  {}\n", ToSeconds(clock_.elapsed()),
               fmt::format(text, std::forward<Values>(values)...));
  }

 private:
  const bool on_;
  const SimulatedClock& clock_;
};

}  // namespace fleet_edge::simulation
