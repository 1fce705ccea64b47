#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/time.h"
#include "rules/expr.h"
#include "rules/rule_inputs.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {

/// A bound that an expression sets for the values of a series themselves, means and extremes of
/// them included: `avg_over_time(cargo_celsius[10s]) >= 45` sets 45 for `cargo_celsius`.
struct Threshold {
  std::string signal;
  BinaryOp op;  ///< a comparison, with the series at its left
  double value;

  friend bool operator==(const Threshold&, const Threshold&) = default;
};

/// What a file says of an alert, for people who ask why it fires. A value.
struct AlertSource {
  std::string file;
  std::string group;
  std::string expr;   ///< as it is written
  std::string clear;  ///< likewise; empty: none
  Duration hold{};    ///< `for`
  Duration reach{};   ///< how far back from an instant the expression looks, records not resolved
  Selectors inputs;   ///< the readings that it asks for
  std::vector<Threshold> thresholds;
};

/// By the alerts' names; several rules may share one.
using AlertSources = std::multimap<std::string, AlertSource>;

/// `files` as for Engine::Load(), without errors.
AlertSources ReadAlertSources(const std::vector<RuleText>& files);

}  // namespace fleet_edge::rules
