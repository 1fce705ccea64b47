#pragma once

#include <memory>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/factory_context.h"
#include "rules/node.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// `timestamp` of a selector: when each series' newest sample was taken, in seconds since 1970,
/// seen from `offset` before the instant.
///
/// Owned by the Plan; the selection outlives it.
class SampleTimeNode : public Node {
 public:
  SampleTimeNode(const Selection& selection, Duration lookback, Duration offset)
      : selection_(selection), lookback_(lookback), offset_(offset) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const Selection& selection_;
  const Duration lookback_;
  const Duration offset_;
};

/// `timestamp` of anything else: the instant.
///
/// Owned by the Plan; the operand outlives it.
class ElementTimeNode : public Node {
 public:
  explicit ElementTimeNode(Node& operand) : operand_(operand) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Node& operand_;
};

std::unique_ptr<Node> MakeTimestamp(FactoryContext& context);

}  // namespace fleet_edge::rules
