#include "rules/timestamp_node.h"

#include <memory>
#include <variant>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/factory_context.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/sample_ring.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

void SampleTimeNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const StoredSeries* const series : selection_.series) {
    if (const Sample* const sample = series->At(evaluation.at - offset_, lookback_)) {
      result.push_back({series->labels->nameless, ToSeconds(sample->time)});
    }
  }
}

void ElementTimeNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const Element& element : operand_.Evaluate(evaluation)) {
    result.push_back({element.labels->nameless, ToSeconds(evaluation.at)});
  }
}

std::unique_ptr<Node> MakeTimestamp(FactoryContext& context) {
  const auto* const vector = std::get_if<VectorSelector>(&context.call().arguments.front()->node);
  if (vector == nullptr) return std::make_unique<ElementTimeNode>(context.Operand(0));
  return std::make_unique<SampleTimeNode>(context.SelectionOf(*vector), context.lookback(),
                                          vector->offset);
}

}  // namespace fleet_edge::rules
