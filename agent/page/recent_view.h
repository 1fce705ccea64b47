#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "agent/health/agent_view.h"
#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// One view for all who look at about the same time: to make it is most of what a page costs.
///
/// One thread. `clock` outlives this.
class RecentView {
 public:
  /// Less than streams wait between two looks, so that each of one's looks sees something new.
  static constexpr Duration kFreshFor = std::chrono::milliseconds{200};

  RecentView(std::function<AgentView()> make, const Clock& clock)
      : make_(std::move(make)), clock_(clock) {}

  /// At most kFreshFor old. Valid until the next call.
  const AgentView& operator()() {
    const BootTime now = clock_.Boot();
    if (!view_ || now >= made_ + kFreshFor) {
      view_ = make_();
      made_ = now;
    }
    return *view_;
  }

 private:
  const std::function<AgentView()> make_;
  const Clock& clock_;
  std::optional<AgentView> view_;
  BootTime made_{};
};

}  // namespace fleet_edge::agent
