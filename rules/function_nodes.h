#pragma once

#include <utility>
#include <vector>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/function.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/selector_nodes.h"

namespace fleet_edge::rules {

// The nodes of functions, by kind. All are owned by the Plan, which also owns the nodes and windows
// that they borrow.

/// The scalar arguments of a call. A value; the nodes outlive it.
class ScalarArguments {
 public:
  explicit ScalarArguments(std::vector<Node*> nodes)
      : nodes_(std::move(nodes)), values_(nodes_.size()) {}

  /// Valid until the next call. Meaningless when `evaluation` has failed.
  Scalars At(Evaluation& evaluation);

 private:
  std::vector<Node*> nodes_;
  std::vector<double> values_;
};

/// A function over time, for each series.
class WindowFunctionNode : public Node {
 public:
  WindowFunctionNode(Windows& windows, WindowFunction function, bool keeps_name)
      : windows_(windows), function_(function), keeps_name_(keeps_name) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& windows_;
  const WindowFunction function_;
  const bool keeps_name_;
};

/// The same with scalar arguments; the name is dropped.
class ParametricWindowFunctionNode : public Node {
 public:
  ParametricWindowFunctionNode(Windows& windows, ScalarArguments scalars,
                               ParametricWindowFunction function)
      : windows_(windows), scalars_(std::move(scalars)), function_(function) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& windows_;
  ScalarArguments scalars_;
  const ParametricWindowFunction function_;
};

/// A function of each element's value; the name is dropped. Also the unary minus.
class ElementFunctionNode : public Node {
 public:
  ElementFunctionNode(Node& operand, ElementFunction function)
      : operand_(operand), function_(function) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Node& operand_;
  const ElementFunction function_;
};

/// The same with scalar arguments.
class ParametricElementFunctionNode : public Node {
 public:
  ParametricElementFunctionNode(Node& operand, ScalarArguments scalars,
                                ParametricElementFunction function)
      : operand_(operand), scalars_(std::move(scalars)), function_(function) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Node& operand_;
  ScalarArguments scalars_;
  const ParametricElementFunction function_;
};

/// A scalar that depends on the instant alone.
class InstantFunctionNode : public Node {
 public:
  explicit InstantFunctionNode(InstantFunction function) : function_(function) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const InstantFunction function_;
};

/// A function of a whole vector.
class VectorFunctionNode : public Node {
 public:
  VectorFunctionNode(Node& operand, VectorFunction function)
      : operand_(operand), function_(function) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Node& operand_;
  const VectorFunction function_;
};

}  // namespace fleet_edge::rules
