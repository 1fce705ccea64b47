#pragma once

#include <cstddef>
#include <string>

#include "agent/health/agent_view.h"

namespace fleet_edge::agent {

/// How a screen is drawn.
struct ScreenStyle {
  static constexpr std::size_t kMinColumns = 60;
  static constexpr std::size_t kMaxColumns = 120;

  std::size_t columns = 80;  ///< of the terminal; kMinColumns to kMaxColumns
  bool color = false;        ///< ANSI sequences
};

/// What `fleet-edge status` shows: what is wrong first, then the parts in the order of the flow.
std::string StatusText(const AgentView& view, const ScreenStyle& style);

}  // namespace fleet_edge::agent
