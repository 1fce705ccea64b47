#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {

/// A longer bundle is refused unread.
inline constexpr std::size_t kMaxBundleBytes = std::size_t{1} << 20U;

/// A set of rules with its tests, as it comes to a vehicle in one text of several YAML documents:
/// first `bundle: <id>`, then rule files (`groups:`) and test files (`tests:`) in any order. A
/// value.
struct RuleBundle {
  std::string id;
  std::vector<rules::RuleText> rules;  ///< their lines count as in the bundle
  std::vector<rules::RuleText> tests;
};

/// Takes a bundle apart. What is wrong with it is added to `findings`; what is in its documents is
/// for others to judge.
RuleBundle ReadBundle(const rules::RuleText& text, Diagnostics& findings);

}  // namespace fleet_edge::agent
