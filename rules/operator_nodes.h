#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/projection.h"

namespace fleet_edge::rules {

// Operators on what other nodes yield. All are owned by the Program, which also owns the nodes they
// borrow.

/// A number: a scalar.
class NumberNode : public Node {
 public:
  explicit NumberNode(double value) : value_(value) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const double value_;
};

/// An operator with a scalar on at least one side.
class ScalarOperatorNode : public Node {
 public:
  enum class Sides { kBothScalars, kScalarLeft, kScalarRight };

  ScalarOperatorNode(BinaryOp op, bool returns_bool, Sides sides, Node& left, Node& right)
      : op_(op), returns_bool_(returns_bool), sides_(sides), left_(left), right_(right) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const BinaryOp op_;
  const bool returns_bool_;
  const Sides sides_;
  Node& left_;
  Node& right_;
};

/// The labels of what an operator on two vectors yields.
///
/// Owned by a node, on the engine's thread; the pool outlives it.
class ResultLabels {
 public:
  ResultLabels(LabelPool& pool, const Matching& matching, bool keeps_name);

  /// `many` is the left element, unless the right side is the many side.
  const LabelSet* operator()(const LabelSet* many, const LabelSet* one);

 private:
  LabelPool& pool_;
  const bool one_to_one_;
  const bool keeps_name_;
  const std::vector<std::string> included_names_;
  Projection matched_;   // of one-to-one matches
  Projection included_;  // of the one side
  std::map<std::pair<const LabelSet*, const LabelSet*>, const LabelSet*> lent_;
};

/// Arithmetic or comparison of two vectors: each element with the one that agrees in the labels of
/// the matching.
class VectorOperatorNode : public Node {
 public:
  VectorOperatorNode(LabelPool& pool, const BinaryExpr& expr, Node& left, Node& right);

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  /// Marks the one side's elements by what they are matched by. False when two agree in that.
  bool MarkOneSide(Evaluation& evaluation, const Vector& one, std::uint64_t token);
  /// Fails when several elements met one of the one side and the matching does not allow it. An
  /// error even where a comparison would leave only one of them.
  void CheckMatches(Evaluation& evaluation, const Vector& one);
  double ValueOf(const Element& many, const Element& one) const;

  const BinaryOp op_;
  const bool filters_;  // instead of yielding a value
  const Matching::Cardinality cardinality_;
  Node& left_;
  Node& right_;
  Projection signature_;
  ResultLabels result_labels_;
  std::vector<std::pair<std::size_t, const LabelSet*>> matches_;  // place on the one side, result
};

/// `and`, `or`, `unless`.
class SetOperatorNode : public Node {
 public:
  SetOperatorNode(LabelPool& pool, const BinaryExpr& expr, Node& left, Node& right)
      : op_(expr.op), left_(left), right_(right), signature_(pool, expr.matching.labels) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const BinaryOp op_;
  Node& left_;
  Node& right_;
  Projection signature_;
};

/// One operator on two numbers; a comparison is 1 or 0.
double Apply(BinaryOp op, double left, double right);

}  // namespace fleet_edge::rules
