#include "rules/label_nodes.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/factory_context.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/pattern.h"
#include "rules/replacement.h"

namespace fleet_edge::rules {
namespace {

const std::string& TextOf(const Expr& argument) {
  return std::get<StringLiteral>(argument.node).value;
}

void CheckLabelName(const Expr& argument, std::vector<ExpressionError>& errors) {
  const std::string& name = TextOf(argument);
  if (IsLabelName(name)) return;
  errors.push_back({argument.offset, "'" + name + "' is no label's name",
                    "Use letters, digits and '_', and begin with no digit"});
}

}  // namespace

void LabelNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const Element& element : operand_.Evaluate(evaluation)) {
    const auto [entry, is_new] = known_.try_emplace(element.labels, nullptr);
    if (entry->second == nullptr) entry->second = Change(element.labels, evaluation);
    if (evaluation.failure) return;
    result.push_back({entry->second, element.value});
  }
}

const LabelSet* LabelNode::Change(const LabelSet* from, Evaluation& evaluation) const {
  const std::optional<std::string> value = value_(from->labels);
  if (!value) return from;
  if (value->size() > kLongestValue) {
    evaluation.Fail("the label '" + label_ + "' would be longer than " +
                    std::to_string(kLongestValue) + " bytes");
    return nullptr;
  }
  Labels labels = from->labels;
  labels.Set(label_, *value);
  return evaluation.pool.Intern(labels);
}

std::unique_ptr<Node> MakeLabelReplace(FactoryContext& context) {
  std::string why;
  std::optional<Pattern> pattern = Pattern::Compile(context.Text(4), why);
  if (!pattern) return nullptr;  // CheckLabelReplace() has refused it
  return std::make_unique<LabelNode>(
      context.Operand(0), std::string(context.Text(1)),
      [replacement = Replacement(*std::move(pattern), context.Text(2)),
       source = std::string(context.Text(3))](const Labels& labels) {
        return replacement.Apply(labels.Get(source));
      });
}

std::unique_ptr<Node> MakeLabelJoin(FactoryContext& context) {
  std::vector<std::string> sources;
  for (std::size_t i = 3; i < context.call().arguments.size(); ++i)
    sources.emplace_back(context.Text(i));
  return std::make_unique<LabelNode>(context.Operand(0), std::string(context.Text(1)),
                                     [separator = std::string(context.Text(2)),
                                      sources = std::move(sources)](const Labels& labels) {
                                       std::string joined;
                                       for (const std::string& source : sources) {
                                         if (&source != &sources.front()) joined += separator;
                                         joined += labels.Get(source);
                                       }
                                       return std::optional(std::move(joined));
                                     });
}

void CheckLabelReplace(const CallExpr& call, std::vector<ExpressionError>& errors) {
  CheckLabelName(*call.arguments[1], errors);
  const Expr& regex = *call.arguments[4];
  std::string why;
  if (!Pattern::Compile(TextOf(regex), why)) {
    errors.push_back({regex.offset, "the pattern '" + TextOf(regex) + "' " + why,
                      "Write a regular expression in RE2's syntax"});
  }
}

void CheckLabelJoin(const CallExpr& call, std::vector<ExpressionError>& errors) {
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    if (i != 2) CheckLabelName(*call.arguments[i], errors);
  }
}

}  // namespace fleet_edge::rules
