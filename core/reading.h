#pragma once

#include <cstdint>

#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge {

/// One measured value. Small and trivially copyable: it is what flows through the agent.
struct Reading {
  const Series* series = nullptr;  ///< never null; lives as long as the registry
  UtcTime time;  ///< event time: when it was measured, or received where the source tells no time
  double value = 0;  ///< in the catalogue's unit
  Quality quality = Quality::kGood;
  std::uint16_t driver =
      0;  ///< its driver's place in the configuration's list, from 1; 0: made by a rule, or unknown
};

}  // namespace fleet_edge
