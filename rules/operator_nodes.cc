#include "rules/operator_nodes.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {

double Apply(BinaryOp op, double left, double right) {
  switch (op) {
    case BinaryOp::kAdd:
      return left + right;
    case BinaryOp::kSubtract:
      return left - right;
    case BinaryOp::kMultiply:
      return left * right;
    case BinaryOp::kDivide:
      return left / right;
    case BinaryOp::kModulo:
      return std::fmod(left, right);
    case BinaryOp::kPower:
      return std::pow(left, right);
    case BinaryOp::kEqual:
      return left == right ? 1 : 0;
    case BinaryOp::kNotEqual:
      return left != right ? 1 : 0;
    case BinaryOp::kLess:
      return left < right ? 1 : 0;
    case BinaryOp::kLessEqual:
      return left <= right ? 1 : 0;
    case BinaryOp::kGreater:
      return left > right ? 1 : 0;
    case BinaryOp::kGreaterEqual:
      return left >= right ? 1 : 0;
    case BinaryOp::kAnd:
    case BinaryOp::kOr:
    case BinaryOp::kUnless:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

void NumberNode::Compute(Evaluation& evaluation, Vector& result) {
  result.push_back({evaluation.pool.empty(), value_});
}

void ScalarOperatorNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& left = left_.Evaluate(evaluation);
  const Vector& right = right_.Evaluate(evaluation);
  if (evaluation.failure) return;
  const bool scalar_left = sides_ == Sides::kScalarLeft;
  const double scalar = scalar_left ? left.front().value : right.front().value;
  const bool filters = IsComparison(op_) && !returns_bool_ && sides_ != Sides::kBothScalars;
  for (const Element& element : scalar_left ? right : left) {
    const double value =
        scalar_left ? Apply(op_, scalar, element.value) : Apply(op_, element.value, scalar);
    if (!filters) {
      result.push_back({element.labels->nameless, value});
    } else if (value != 0) {
      result.push_back(element);
    }
  }
}

VectorOperatorNode::VectorOperatorNode(LabelPool& pool, const BinaryExpr& expr, Node& left,
                                       Node& right)
    : op_(expr.op),
      filters_(IsComparison(expr.op) && !expr.returns_bool),
      left_(left),
      right_(right),
      signature_(pool, expr.matching),
      result_labels_(pool, {expr.matching.kind, expr.matching.names, filters_}) {}

void VectorOperatorNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& left = left_.Evaluate(evaluation);
  const Vector& right = right_.Evaluate(evaluation);
  if (evaluation.failure || left.empty() || right.empty()) return;
  const std::uint64_t token = evaluation.pool.NewToken();
  for (std::size_t i = 0; i < right.size(); ++i) {
    const LabelSet* const signature = signature_(right[i].labels);
    if (signature->token == token)
      return FailFor(evaluation, *signature, "the right side has several elements");
    signature->token = token;
    signature->slot = i;
  }
  matched_.assign(right.size(), false);
  for (const Element& element : left) {
    const LabelSet* const signature = signature_(element.labels);
    if (signature->token != token) continue;
    // An error even where a comparison would leave only one of them.
    if (matched_[signature->slot])
      return FailFor(evaluation, *signature, "the left side has several elements");
    matched_[signature->slot] = true;
    const double value = Apply(op_, element.value, right[signature->slot].value);
    if (!filters_) {
      result.push_back({result_labels_(element.labels->nameless), value});
    } else if (value != 0) {
      result.push_back({result_labels_(element.labels), element.value});
    }
  }
}

void VectorOperatorNode::FailFor(Evaluation& evaluation, const LabelSet& signature,
                                 std::string_view why) const {
  evaluation.Fail("'" + std::string(ToString(op_)) +
                  "' matches one element with one: " + std::string(why) + " for the labels " +
                  (signature.labels.empty() ? "{}" : fleet_edge::ToString(signature.labels)));
}

void SetOperatorNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& left = left_.Evaluate(evaluation);
  const Vector& right = right_.Evaluate(evaluation);
  if (evaluation.failure) return;
  const bool is_or = op_ == BinaryOp::kOr;
  const std::uint64_t token = evaluation.pool.NewToken();
  for (const Element& element : is_or ? left : right) signature_(element.labels)->token = token;
  if (is_or) result = left;
  for (const Element& element : is_or ? right : left) {
    const bool found = signature_(element.labels)->token == token;
    if (found == (op_ == BinaryOp::kAnd)) result.push_back(element);
  }
}

void AggregateNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& operand = operand_.Evaluate(evaluation);
  const std::uint64_t token = evaluation.pool.NewToken();
  groups_.clear();
  for (const auto& [labels, value] : operand) {
    const LabelSet* const group = grouping_(labels);
    if (group->token == token) {
      AddTo(groups_[group->slot], value);
      continue;
    }
    group->token = token;
    group->slot = groups_.size();
    groups_.push_back(
        {group, 1, value, CompensatedSum(value), CompensatedMean(value), value, value - value});
  }
  for (const Group& group : groups_) result.push_back({group.labels, ValueOf(group)});
}

void AggregateNode::AddTo(Group& group, double value) const {
  group.count += 1;
  switch (op_) {
    case AggregateOp::kSum:
      group.sum.Add(value);
      break;
    case AggregateOp::kMin:
      if (group.extreme > value || std::isnan(group.extreme)) group.extreme = value;
      break;
    case AggregateOp::kMax:
      if (group.extreme < value || std::isnan(group.extreme)) group.extreme = value;
      break;
    case AggregateOp::kAvg:
      group.mean.Add(value);
      break;
    case AggregateOp::kCount:
      break;
    case AggregateOp::kStddev: {
      const double from_old_center = value - group.center;
      group.center += from_old_center / group.count;
      group.squares += from_old_center * (value - group.center);
      break;
    }
  }
}

double AggregateNode::ValueOf(const Group& group) const {
  switch (op_) {
    case AggregateOp::kSum:
      return group.sum.Value();
    case AggregateOp::kMin:
    case AggregateOp::kMax:
      return group.extreme;
    case AggregateOp::kAvg:
      return group.mean.Value();
    case AggregateOp::kCount:
      return group.count;
    case AggregateOp::kStddev:
      return std::sqrt(group.squares / group.count);
  }
  return group.count;
}

}  // namespace fleet_edge::rules
