#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "agent/rule_delivery/rule_bundle.h"
#include "core/diagnostic.h"
#include "rules/engine_options.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {

/// What came of trying a bundle. A value.
struct BundleTrial {
  std::size_t tests = 0;  ///< that were run
  Diagnostics findings;   ///< with an error among them the bundle is not to be used
};

/// Checks the rules of `bundle` beside `others`, the vehicle's own, and runs its tests on all of
/// them, within 100,000 instants in all and a minute; a stop ends it with an error.
/// Any thread; it may keep a core busy for that minute.
BundleTrial TryBundle(const RuleBundle& bundle, const std::vector<rules::RuleText>& others,
                      const rules::EngineOptions& options, const std::stop_token& stop);

}  // namespace fleet_edge::agent
