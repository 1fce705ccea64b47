#pragma once

#include <memory>

#include "rules/evaluation.h"
#include "rules/factory_context.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/selector_nodes.h"

namespace fleet_edge::rules {

/// `absent`: one element of value 1 when a vector has none.
class AbsentNode : public Node {
 public:
  /// `labels`: what the equalities of a selector say. Both outlive this.
  AbsentNode(Node& operand, const LabelSet* labels) : operand_(operand), labels_(labels) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Node& operand_;
  const LabelSet* const labels_;
};

/// `absent_over_time`: one element of value 1 when no series has a sample in the range.
class AbsentOverTimeNode : public Node {
 public:
  /// As above.
  AbsentOverTimeNode(Windows& windows, const LabelSet* labels)
      : windows_(windows), labels_(labels) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& windows_;
  const LabelSet* const labels_;
};

std::unique_ptr<Node> MakeAbsent(FactoryContext& context);
std::unique_ptr<Node> MakeAbsentOverTime(FactoryContext& context);

}  // namespace fleet_edge::rules
