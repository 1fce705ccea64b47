#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/anomaly_baseline.h"
#include "rules/evaluation.h"
#include "rules/expression_error.h"
#include "rules/factory_context.h"
#include "rules/function.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/selector_nodes.h"

namespace fleet_edge::rules {

/// `anomaly_zscore`: each series' window beside that series' own baseline, in O(1) beyond the mean.
///
/// Owned by the Plan, one for each group; the windows outlive it.
class AnomalyNode : public Node {
 public:
  AnomalyNode(Windows& windows, const AnomalyBaseline::Settings& settings)
      : windows_(windows), settings_(settings) {}

  std::string Remember() const override;
  bool Recall(std::string_view bytes, LabelPool& pool) override;

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& windows_;
  const AnomalyBaseline::Settings settings_;
  std::unordered_map<const LabelSet*, AnomalyBaseline> baselines_;  // by labels with the name
};

/// `anomaly_zscore(v[d], half_life, min_sigma)`; the scalars are literals.
std::unique_ptr<Node> MakeAnomalyZscore(FactoryContext& context);

/// Appends what is wrong with the half-life or the least sigma.
void CheckAnomalyZscore(const CallExpr& call, std::vector<ExpressionError>& errors);

}  // namespace fleet_edge::rules
