#include "rules/node.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "rules/evaluation.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {
namespace {

/// Dropping names or labels can make two elements the same.
bool HasTwins(const Vector& vector, LabelPool& pool) {
  if (vector.size() < 2) return false;
  const std::uint64_t token = pool.NewToken();
  return std::ranges::any_of(vector, [&](const Element& element) {
    return std::exchange(element.labels->token, token) == token;
  });
}

}  // namespace

const Vector& Node::Evaluate(Evaluation& evaluation) {
  if (epoch_ == evaluation.epoch) return result_;
  result_.clear();
  Compute(evaluation, result_);
  if (!evaluation.failure && HasTwins(result_, evaluation.pool)) {
    evaluation.Fail("two elements of the result have the same labels");
  }
  if (evaluation.failure) {
    result_.clear();
  } else {
    epoch_ = evaluation.epoch;
  }
  return result_;
}

}  // namespace fleet_edge::rules
