#pragma once

#include <string>

#include "core/labels.h"

namespace fleet_edge::rules {

/// What the world outside knows the vehicle by; templates can name it. A value.
struct External {
  Labels labels{};
  std::string url{};         ///< where people read on; may be empty
  bool marks_alerts = true;  ///< alerts get the labels on the way out; else only templates see them
};

}  // namespace fleet_edge::rules
