#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/expr.h"
#include "rules/rule_text.h"
#include "rules/selector.h"

namespace fleet_edge::rules {

/// Selectors by their text.
using Selectors = std::map<std::string, Selector>;

/// Which readings the rules of some files ask for. What a rule reads of another's record counts as
/// what that other one reads; the series of alerts count as none. A value.
class RuleInputs {
 public:
  /// `files` as for Engine::Load(), without errors.
  explicit RuleInputs(const std::vector<RuleText>& files);

  /// Of each alert's expression, by the alert's name; alerts of one name together.
  const std::map<std::string, Selectors>& by_alert() const { return by_alert_; }

  /// Of an expression beside the rules.
  Selectors Of(const Expr& expr) const;

 private:
  std::map<std::string, Selectors> by_record_;
  std::map<std::string, Selectors> by_alert_;
};

}  // namespace fleet_edge::rules
