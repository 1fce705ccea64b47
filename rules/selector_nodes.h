#pragma once

#include <cstdint>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/function.h"
#include "rules/node.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// The newest sample of each series within the lookback, seen from `offset` before the instant.
class VectorNode : public Node {
 public:
  VectorNode(const Selection& selection, Duration lookback, Duration offset)
      : selection_(selection), lookback_(lookback), offset_(offset) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  const Selection& selection_;
  const Duration lookback_;
  const Duration offset_;
};

/// The windows of one selector, range and offset; all functions over it share them.
///
/// Owned by the Program; the selection outlives it.
class Windows {
 public:
  struct Item {
    const LabelSet* labels;
    SeriesWindow window;
  };

  Windows(const Selection& selection, Duration range, Duration offset)
      : selection_(selection), range_(range), offset_(offset) {}

  /// Of the series that have samples in the range.
  const std::vector<Item>& At(const Evaluation& evaluation);

  const Selection& selection() const { return selection_; }

 private:
  const Selection& selection_;
  const Duration range_;
  const Duration offset_;
  std::vector<Item> items_;
  std::vector<std::uint64_t> hints_;  // where each series' last window began
  std::uint64_t epoch_ = 0;
};

/// A function over time, for each series.
class WindowFunctionNode : public Node {
 public:
  WindowFunctionNode(Windows& windows, WindowFunction function, bool keeps_name)
      : windows_(windows), function_(function), keeps_name_(keeps_name) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& windows_;
  const WindowFunction function_;
  const bool keeps_name_;
};

/// One element of value 1 when no series has a sample in the range.
class AbsentNode : public Node {
 public:
  /// `labels`: what the selector's equalities say.
  AbsentNode(Windows& windows, const LabelSet* labels) : windows_(windows), labels_(labels) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Windows& windows_;
  const LabelSet* const labels_;
};

/// The labels of an absent series as far as `selector` tells them: equalities, save where a label
/// has a second matcher.
Labels LabelsOfAbsent(const Selector& selector);

}  // namespace fleet_edge::rules
