#include "rules/operator_nodes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/labels.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {
namespace {

std::string Braced(const LabelSet& set) {
  return set.labels.empty() ? "{}" : fleet_edge::ToString(set.labels);
}

}  // namespace

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
    case BinaryOp::kAtan2:
      return std::atan2(left, right);
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

ResultLabels::ResultLabels(LabelPool& pool, const Matching& matching, bool keeps_name)
    : pool_(pool),
      one_to_one_(matching.cardinality == Matching::Cardinality::kOneToOne),
      keeps_name_(keeps_name),
      included_names_(matching.included),
      matched_(pool, {matching.labels.kind, matching.labels.names, keeps_name}),
      included_(pool, {LabelChoice::Kind::kOnly, matching.included}) {}

const LabelSet* ResultLabels::operator()(const LabelSet* many, const LabelSet* one) {
  const LabelSet* const base = keeps_name_ ? many : many->nameless;
  if (one_to_one_) return matched_(base);
  if (included_names_.empty()) return base;
  const LabelSet* const lent = included_(one);
  const LabelSet*& result = lent_[{base, lent}];
  if (result == nullptr) {
    Labels labels = base->labels;
    for (const std::string& name : included_names_) labels.Set(name, lent->labels.Get(name));
    result = pool_.Intern(labels);
  }
  return result;
}

VectorOperatorNode::VectorOperatorNode(LabelPool& pool, const BinaryExpr& expr, Node& left,
                                       Node& right)
    : op_(expr.op),
      filters_(IsComparison(expr.op) && !expr.returns_bool),
      cardinality_(expr.matching.cardinality),
      left_(left),
      right_(right),
      signature_(pool, expr.matching.labels),
      result_labels_(pool, expr.matching, filters_) {}

void VectorOperatorNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& left = left_.Evaluate(evaluation);
  const Vector& right = right_.Evaluate(evaluation);
  if (evaluation.failure || left.empty() || right.empty()) return;
  const bool one_is_left = cardinality_ == Matching::Cardinality::kOneToMany;
  const Vector& one = one_is_left ? left : right;
  const std::uint64_t token = evaluation.pool.NewToken();
  if (!MarkOneSide(evaluation, one, token)) return;
  matches_.clear();
  for (const Element& element : one_is_left ? right : left) {
    const LabelSet* const signature = signature_(element.labels);
    if (signature->token != token) continue;
    const Element& partner = one[signature->slot];
    const LabelSet* const labels = result_labels_(element.labels, partner.labels);
    matches_.emplace_back(signature->slot, labels);
    const double value = ValueOf(element, partner);
    if (!filters_) {
      result.push_back({labels, value});
    } else if (value != 0) {
      result.push_back({labels, one_is_left ? partner.value : element.value});
    }
  }
  CheckMatches(evaluation, one);
}

bool VectorOperatorNode::MarkOneSide(Evaluation& evaluation, const Vector& one,
                                     std::uint64_t token) {
  for (std::size_t i = 0; i < one.size(); ++i) {
    const LabelSet* const signature = signature_(one[i].labels);
    if (signature->token == token) {
      const bool left = cardinality_ == Matching::Cardinality::kOneToMany;
      evaluation.Fail("found duplicate series for the match group " + Braced(*signature) +
                      " on the " + (left ? "left" : "right") + " side of '" +
                      std::string(ToString(op_)) +
                      "': many-to-many matching is not allowed, matching labels must be unique on "
                      "one side");
      return false;
    }
    signature->token = token;
    signature->slot = i;
  }
  return true;
}

void VectorOperatorNode::CheckMatches(Evaluation& evaluation, const Vector& one) {
  const bool one_to_one = cardinality_ == Matching::Cardinality::kOneToOne;
  std::ranges::sort(matches_);
  const auto twins = std::ranges::adjacent_find(matches_, [&](const auto& a, const auto& b) {
    return a.first == b.first && (one_to_one || a.second == b.second);
  });
  if (twins == matches_.end()) return;
  evaluation.Fail("multiple matches for labels " + Braced(*signature_(one[twins->first].labels)) +
                  ": " +
                  (one_to_one ? "many-to-one matching must be explicit (group_left/group_right)"
                              : "grouping labels must ensure unique matches"));
}

double VectorOperatorNode::ValueOf(const Element& many, const Element& one) const {
  return cardinality_ == Matching::Cardinality::kOneToMany ? Apply(op_, one.value, many.value)
                                                           : Apply(op_, many.value, one.value);
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

}  // namespace fleet_edge::rules
