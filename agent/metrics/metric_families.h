#pragma once

#include <prometheus/metric_family.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/labels.h"

namespace fleet_edge::agent {

/// Gathers one page of metrics, series by series; names, kinds and help are MetricTable()'s.
///
/// Bounded: what a family has beyond kMaxSeries is left out and counted. A counter's is added up in
/// one more series with overflow="true", so that nothing that was counted is lost.
class MetricFamilies {
 public:
  static constexpr std::size_t kMaxSeries = 512;  ///< of one name
  static constexpr std::size_t kMaxValue = 200;   ///< bytes of a label's value; a longer one is cut

  MetricFamilies();

  /// Precondition: the table has `name`.
  void Add(std::string_view name, double value, const Labels& labels = {});

  /// Shows what the agent's parts count: a name that the table lacks is shown without its help.
  void AddCounter(std::string_view name, std::uint64_t value, const Labels& labels);

  std::size_t hidden() const { return hidden_; }

  /// In the table's order, those that have series.
  std::vector<prometheus::MetricFamily> Take();

 private:
  void AddTo(prometheus::MetricFamily& family, double value, const Labels& labels);

  std::vector<prometheus::MetricFamily> families_;
  std::map<std::string_view, std::size_t> places_;  // in families_, by the table's name
  std::size_t hidden_ = 0;
};

}  // namespace fleet_edge::agent
