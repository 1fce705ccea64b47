#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/factory_context.h"
#include "rules/label_pool.h"
#include "rules/node.h"

namespace fleet_edge::rules {

/// `label_replace` and `label_join`: sets one label of each element by its other labels. Fails on a
/// value longer than kLongestValue, which a rule that feeds itself would reach.
///
/// Owned by the Plan; the operand outlives it.
class LabelNode : public Node {
 public:
  static constexpr std::size_t kLongestValue = 4'096;  ///< bytes

  /// The value for an element's labels: empty removes the label, nothing leaves it.
  using Value = std::function<std::optional<std::string>(const Labels& labels)>;

  LabelNode(Node& operand, std::string label, Value value)
      : operand_(operand), label_(std::move(label)), value_(std::move(value)) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const LabelSet* Change(const LabelSet* from, Evaluation& evaluation) const;

  Node& operand_;
  const std::string label_;
  const Value value_;
  std::unordered_map<const LabelSet*, const LabelSet*> known_;
};

std::unique_ptr<Node> MakeLabelReplace(FactoryContext& context);
std::unique_ptr<Node> MakeLabelJoin(FactoryContext& context);

/// Label names and the pattern; all are literals.
void CheckLabelReplace(const CallExpr& call, std::vector<ExpressionError>& errors);
void CheckLabelJoin(const CallExpr& call, std::vector<ExpressionError>& errors);

}  // namespace fleet_edge::rules
