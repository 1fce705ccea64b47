#include "rules/sliding_nodes.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/function.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/sample_ring.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"
#include "rules/sliding_aggregate.h"
#include "rules/window_functions.h"

namespace fleet_edge::rules {
namespace {

/// What a window function needs of a part of the window, how two parts join, and what it comes to.
/// Values that are not finite have an order of their own in Prometheus: ValueOf() then goes over
/// the whole window.
struct Sum {
  explicit Sum(double first) { sum.Add(first); }
  void Append(double value) { sum.Add(value); }
  void Merge(const Sum& later) { sum.Add(later.sum); }
  double ValueOf(const SeriesWindow& window) const {
    const double value = sum.Value();
    return std::isfinite(value) ? value : SumOverTime(window).value_or(value);
  }
  CompensatedSum sum;
};

struct Avg {
  explicit Avg(double first) : sum(first) {}
  void Append(double value) { sum.Add(value); }
  void Merge(const Avg& later) { sum.Add(later.sum); }
  double ValueOf(const SeriesWindow& window) const {
    const auto count = static_cast<double>(window.samples.size());
    const double value = sum.sum() / count + sum.compensation() / count;
    return std::isfinite(sum.sum()) ? value : AvgOverTime(window).value_or(value);
  }
  CompensatedSum sum;
};

struct Min {
  explicit Min(double first) : value(first) {}
  void Append(double other) {
    if (other < value || std::isnan(value)) value = other;
  }
  void Merge(const Min& later) { Append(later.value); }
  double ValueOf(const SeriesWindow& /*window*/) const { return value; }
  double value;
};

struct Max {
  explicit Max(double first) : value(first) {}
  void Append(double other) {
    if (other > value || std::isnan(value)) value = other;
  }
  void Merge(const Max& later) { Append(later.value); }
  double ValueOf(const SeriesWindow& /*window*/) const { return value; }
  double value;
};

struct Stdvar {
  explicit Stdvar(double first) { variance.Add(first); }
  void Append(double value) { variance.Add(value); }
  void Merge(const Stdvar& later) { variance.Add(later.variance); }
  double ValueOf(const SeriesWindow& window) const {
    const double value = variance.Value();
    return std::isfinite(value) ? value : StdvarOverTime(window).value_or(value);
  }
  CompensatedVariance variance;
};

struct Stddev : Stdvar {
  using Stdvar::Stdvar;
  double ValueOf(const SeriesWindow& window) const { return std::sqrt(Stdvar::ValueOf(window)); }
};

template <typename Partial>
class SlidingNode : public Node {
 public:
  explicit SlidingNode(Windows& windows) : windows_(windows) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override {
    for (const Windows::Item& item : windows_.At(evaluation)) {
      Slide& slide = SlideOf(item);
      item.series->aggregated_until = std::max(item.series->aggregated_until, item.window.until);
      const Partial all = slide.aggregate.Of(item.window, item.series->revision);
      result.push_back({item.labels->nameless, all.ValueOf(item.window)});
    }
  }

 private:
  struct Slide {
    const StoredSeries* series = nullptr;
    SlidingAggregate<Partial> aggregate;
  };

  /// At the series' place in the selection. A series that moved, since one came before it, begins
  /// anew.
  Slide& SlideOf(const Windows::Item& item) {
    if (item.place >= slides_.size()) slides_.resize(windows_.selection().series.size());
    Slide& slide = slides_[item.place];
    if (slide.series != item.series) slide = {item.series, {}};
    return slide;
  }

  Windows& windows_;
  std::vector<Slide> slides_;
};

}  // namespace

std::unique_ptr<Node> SlidingAvg(Windows& windows) {
  return std::make_unique<SlidingNode<Avg>>(windows);
}
std::unique_ptr<Node> SlidingSum(Windows& windows) {
  return std::make_unique<SlidingNode<Sum>>(windows);
}
std::unique_ptr<Node> SlidingMin(Windows& windows) {
  return std::make_unique<SlidingNode<Min>>(windows);
}
std::unique_ptr<Node> SlidingMax(Windows& windows) {
  return std::make_unique<SlidingNode<Max>>(windows);
}
std::unique_ptr<Node> SlidingStddev(Windows& windows) {
  return std::make_unique<SlidingNode<Stddev>>(windows);
}
std::unique_ptr<Node> SlidingStdvar(Windows& windows) {
  return std::make_unique<SlidingNode<Stdvar>>(windows);
}

}  // namespace fleet_edge::rules
