#include "rules/selector_nodes.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "rules/evaluation.h"
#include "rules/label_pool.h"
#include "rules/sample_ring.h"
#include "rules/selector.h"
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
    const StoredSeries& series = *selection_.series[i];
    const UtcTime after = until - range_;
    const Window samples = series.samples.Between(after, until, hints_[i]);
    if (!samples.empty()) items_.push_back({series.labels, {samples, after, until}});
  }
  return items_;
}

void WindowFunctionNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const Windows::Item& item : windows_.At(evaluation)) {
    if (const std::optional<double> value = function_(item.window)) {
      result.push_back({keeps_name_ ? item.labels : item.labels->nameless, *value});
    }
  }
}

void AbsentNode::Compute(Evaluation& evaluation, Vector& result) {
  if (windows_.At(evaluation).empty()) result.push_back({labels_, 1});
}

Labels LabelsOfAbsent(const Selector& selector) {
  Labels labels;
  std::set<std::string_view> set;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name == kNameLabel) continue;
    if (matcher.op == Matcher::Op::kEqual && set.insert(matcher.name).second) {
      labels.Set(matcher.name, matcher.value);
    } else {
      labels.Remove(matcher.name);
    }
  }
  return labels;
}

}  // namespace fleet_edge::rules
