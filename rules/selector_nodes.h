#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

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
    StoredSeries* series;
    std::size_t place;  ///< of the series in the selection
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

}  // namespace fleet_edge::rules
