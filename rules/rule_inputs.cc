#include "rules/rule_inputs.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/diagnostic.h"
#include "rules/engine_options.h"
#include "rules/expr.h"
#include "rules/function.h"
#include "rules/geofence.h"
#include "rules/geojson.h"
#include "rules/rule_file.h"
#include "rules/rule_text.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

bool IsOfAlerts(std::string_view name) { return name == "ALERTS" || name == "ALERTS_FOR_STATE"; }

void Add(Selector selector, Selectors& all) {
  if (IsOfAlerts(selector.name())) return;
  std::string text = ToString(selector);
  all.emplace(std::move(text), std::move(selector));
}

/// All selectors in `expr`, of records too.
void AddAll(const Expr& expr, Selectors& all) {
  ForEachNode(expr, [&](const Expr& part) {
    if (const auto* const instant = std::get_if<VectorSelector>(&part.node)) {
      Add(instant->selector, all);
    } else if (const auto* const range = std::get_if<RangeSelector>(&part.node)) {
      Add(range->selector, all);
    } else if (const auto* const call = std::get_if<CallExpr>(&part.node)) {
      if (call->function->implied == nullptr) return;
      for (const ImpliedSelector& implied : call->function->implied(*call)) {
        Add(SelectorOf(implied.metric), all);
      }
    }
  });
}

/// With what the rules of a record read in place of the record.
Selectors Resolve(const Selectors& direct, const std::map<std::string, Selectors>& by_record) {
  Selectors resolved;
  std::set<std::string> met;
  std::vector<Selectors> open{direct};
  while (!open.empty()) {
    const Selectors selectors = std::move(open.back());
    open.pop_back();
    for (const auto& [text, selector] : selectors) {
      const std::string name(selector.name());
      const auto record = by_record.find(name);
      if (record == by_record.end()) {
        resolved.emplace(text, selector);
      } else if (met.insert(name).second) {
        open.push_back(record->second);
      }
    }
  }
  return resolved;
}

}  // namespace

RuleInputs::RuleInputs(const std::vector<RuleText>& files) {
  Diagnostics findings;
  const Geofences geofences = ReadGeofences(files, findings);
  for (const RuleText& file : files) {
    if (file.has_geofences()) continue;
    for (const GroupSpec& group :
         ReadRuleFile(file, EngineOptions{}.lookback, geofences, findings)) {
      for (const RuleSpec& rule : group.rules) {
        const bool alerts = rule.kind == RuleSpec::Kind::kAlert;
        AddAll(*rule.expr, (alerts ? by_alert_ : by_record_)[rule.name]);
      }
    }
  }
  for (auto& [alert, selectors] : by_alert_) selectors = Resolve(selectors, by_record_);
}

Selectors RuleInputs::Of(const Expr& expr) const {
  Selectors direct;
  AddAll(expr, direct);
  return Resolve(direct, by_record_);
}

}  // namespace fleet_edge::rules
