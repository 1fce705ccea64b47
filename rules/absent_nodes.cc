#include "rules/absent_nodes.h"

#include <memory>
#include <set>
#include <string_view>
#include <variant>

#include "core/labels.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/factory_context.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

/// The labels of an absent series as far as `selector` tells them: equalities, save where a label
/// has a second matcher.
Labels LabelsOfAbsent(const Selector& selector) {
  Labels labels;
  std::set<std::string_view> set;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name == kNameLabel) continue;
    if (matcher.op == Matcher::Op::kEqual && set.insert(matcher.name).second) {
      labels.Set(matcher.name, matcher.value);
    } else {
      labels.Remove(matcher.name);
    }
  }
  return labels;
}

}  // namespace

void AbsentNode::Compute(Evaluation& evaluation, Vector& result) {
  if (operand_.Evaluate(evaluation).empty()) result.push_back({labels_, 1});
}

void AbsentOverTimeNode::Compute(Evaluation& evaluation, Vector& result) {
  if (windows_.At(evaluation).empty()) result.push_back({labels_, 1});
}

std::unique_ptr<Node> MakeAbsent(FactoryContext& context) {
  const auto* const vector = std::get_if<VectorSelector>(&context.call().arguments.front()->node);
  const LabelSet* const labels = vector == nullptr
                                     ? context.pool().empty()
                                     : context.pool().Intern(LabelsOfAbsent(vector->selector));
  return std::make_unique<AbsentNode>(context.Operand(0), labels);
}

std::unique_ptr<Node> MakeAbsentOverTime(FactoryContext& context) {
  const auto& range = std::get<RangeSelector>(context.call().arguments.front()->node);
  return std::make_unique<AbsentOverTimeNode>(
      context.Range(0), context.pool().Intern(LabelsOfAbsent(range.selector)));
}

}  // namespace fleet_edge::rules
