#include "rules/selector_nodes.h"

#include <cstddef>
#include <vector>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/sample_ring.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

void VectorNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const StoredSeries* const series : selection_.series) {
    if (const Sample* const sample = series->At(evaluation.at - offset_, lookback_)) {
      result.push_back({series->labels, sample->value});
    }
  }
}

const std::vector<Windows::Item>& Windows::At(const Evaluation& evaluation) {
  if (epoch_ == evaluation.epoch) return items_;
  epoch_ = evaluation.epoch;
  items_.clear();
  // A hint that belongs to another series costs a search, no more.
  hints_.resize(selection_.series.size());
  const UtcTime until = evaluation.at - offset_;
  for (std::size_t i = 0; i < hints_.size(); ++i) {
    StoredSeries& series = *selection_.series[i];
    const UtcTime after = until - range_;
    const Window samples = series.samples.Between(after, until, hints_[i]);
    if (!samples.empty()) items_.push_back({&series, i, series.labels, {samples, after, until}});
  }
  return items_;
}

}  // namespace fleet_edge::rules
