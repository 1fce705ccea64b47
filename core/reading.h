#pragma once

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
};

}  // namespace fleet_edge
