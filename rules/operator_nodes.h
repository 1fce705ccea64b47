#pragma once

#include <string_view>
#include <vector>

#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
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

/// Arithmetic or comparison of two vectors: each element with the one that has the same labels.
class VectorOperatorNode : public Node {
 public:
  VectorOperatorNode(LabelPool& pool, const BinaryExpr& expr, Node& left, Node& right);

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  void FailFor(Evaluation& evaluation, const LabelSet& signature, std::string_view why) const;

  const BinaryOp op_;
  const bool filters_;  // instead of yielding a value
  Node& left_;
  Node& right_;
  Projection signature_;
  Projection result_labels_;
  std::vector<bool> matched_;  // by element of the right side
};

/// `and`, `or`, `unless`.
class SetOperatorNode : public Node {
 public:
  SetOperatorNode(LabelPool& pool, const BinaryExpr& expr, Node& left, Node& right)
      : op_(expr.op), left_(left), right_(right), signature_(pool, expr.matching) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const BinaryOp op_;
  Node& left_;
  Node& right_;
  Projection signature_;
};

/// `sum by (…)` and its like.
class AggregateNode : public Node {
 public:
  AggregateNode(LabelPool& pool, AggregateOp op, const LabelChoice& grouping, Node& operand)
      : op_(op), operand_(operand), grouping_(pool, grouping) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  /// What is known of a group so far. Only what its operation asks for is kept up.
  struct Group {
    const LabelSet* labels;
    double count;
    double extreme;        // min, max
    CompensatedSum sum;    // sum
    CompensatedMean mean;  // avg
    double center;         // stddev: mean and squares by Welford, not compensated, as in Prometheus
    double squares;        // of a first NaN or ±Inf NaN, else 0
  };

  void AddTo(Group& group, double value) const;
  double ValueOf(const Group& group) const;

  const AggregateOp op_;
  Node& operand_;
  Projection grouping_;
  std::vector<Group> groups_;  // of the evaluation under way
};

/// One operator on two numbers; a comparison is 1 or 0.
double Apply(BinaryOp op, double left, double right);

}  // namespace fleet_edge::rules
