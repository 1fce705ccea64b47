#include "rules/function_nodes.h"

#include <cstddef>
#include <optional>

#include "rules/evaluation.h"
#include "rules/function.h"
#include "rules/label_pool.h"
#include "rules/selector_nodes.h"

namespace fleet_edge::rules {

Scalars ScalarArguments::At(Evaluation& evaluation) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Vector& scalar = nodes_[i]->Evaluate(evaluation);
    if (!evaluation.failure) values_[i] = scalar.front().value;
  }
  return values_;
}

void WindowFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const Windows::Item& item : windows_.At(evaluation)) {
    if (const std::optional<double> value = function_(item.window)) {
      result.push_back({keeps_name_ ? item.labels : item.labels->nameless, *value});
    }
  }
}

void ParametricWindowFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  const Scalars scalars = scalars_.At(evaluation);
  if (evaluation.failure) return;
  for (const Windows::Item& item : windows_.At(evaluation)) {
    if (const std::optional<double> value = function_(item.window, scalars, evaluation)) {
      result.push_back({item.labels->nameless, *value});
    }
  }
}

void ElementFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const Element& element : operand_.Evaluate(evaluation)) {
    result.push_back({element.labels->nameless, function_(element.value)});
  }
}

void ParametricElementFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  const Scalars scalars = scalars_.At(evaluation);
  if (evaluation.failure) return;
  for (const Element& element : operand_.Evaluate(evaluation)) {
    if (const std::optional<double> value = function_(element.value, scalars)) {
      result.push_back({element.labels->nameless, *value});
    }
  }
}

void InstantFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  result.push_back({evaluation.pool.empty(), function_(evaluation.at)});
}

void VectorFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& operand = operand_.Evaluate(evaluation);
  if (!evaluation.failure) function_(operand, evaluation, result);
}

}  // namespace fleet_edge::rules
