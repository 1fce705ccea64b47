#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/labels.h"
#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/projection.h"

namespace fleet_edge::rules {

// Aggregations: elements that agree in some labels become one, or a few of them. All are owned by
// the Program, which also owns the nodes they borrow.

/// `sum by (…)` and all others whose group needs a few numbers only.
class AggregateNode : public Node {
 public:
  AggregateNode(LabelPool& pool, AggregateOp op, const LabelChoice& grouping, Node& operand)
      : op_(op), operand_(operand), grouping_(pool, grouping) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  /// What is known of a group so far. Only what its operation asks for is kept up.
  struct Group {
    const LabelSet* labels;
    double count;
    double extreme;        // min, max
    CompensatedSum sum;    // sum
    CompensatedMean mean;  // avg
    double center;         // stddev, stdvar: mean and squares by Welford, not compensated, as in
    double squares;        // Prometheus; squares of a first NaN or ±Inf are NaN, else 0
  };

  void AddTo(Group& group, double value) const;
  double ValueOf(const Group& group) const;

  const AggregateOp op_;
  Node& operand_;
  Projection grouping_;
  std::vector<Group> groups_;  // of the evaluation under way
};

/// Elements by their group, in the order in which the groups were met.
class Grouped {
 public:
  struct Group {
    const LabelSet* labels;
    Vector elements;
  };

  Grouped(LabelPool& pool, const LabelChoice& grouping) : pool_(pool), grouping_(pool, grouping) {}

  /// Valid until the next call. Groups' elements keep their order.
  std::vector<Group>& Of(const Vector& elements);

 private:
  LabelPool& pool_;
  Projection grouping_;
  std::vector<Group> groups_;
};

/// `quantile(φ, …)`: interpolates between the two nearest values. −Inf below 0, +Inf above 1.
class QuantileNode : public Node {
 public:
  QuantileNode(LabelPool& pool, const LabelChoice& grouping, Node& parameter, Node& operand)
      : parameter_(parameter), operand_(operand), grouped_(pool, grouping) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  Node& parameter_;
  Node& operand_;
  Grouped grouped_;
};

/// `topk(k, …)` and `bottomk(k, …)`: the first k elements of each group with all their labels. NaN
/// comes last; what is equal comes in the order of its labels.
class RankNode : public Node {
 public:
  RankNode(LabelPool& pool, AggregateOp op, const LabelChoice& grouping, Node& parameter,
           Node& operand)
      : op_(op), parameter_(parameter), operand_(operand), grouped_(pool, grouping) {}

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  bool Before(const Element& a, const Element& b) const;

  const AggregateOp op_;
  Node& parameter_;
  Node& operand_;
  Grouped grouped_;
};

/// `count_values("label", …)`: how many elements of a group have a value, for each value.
///
/// Makes label sets out of values: once it has made kMostLabelSets it fails at any further one.
class CountValuesNode : public Node {
 public:
  static constexpr std::size_t kMostLabelSets = 10'000;

  CountValuesNode(LabelPool& pool, const LabelChoice& grouping, std::string label, Node& operand);

 protected:
  void Compute(Evaluation& evaluation, Vector& result) override;

 private:
  LabelPool& pool_;
  const std::string label_;
  const bool drops_label_;  // `without` does
  Node& operand_;
  Projection grouping_;  // without the value's label
  std::unordered_map<Labels, const LabelSet*, LabelsHash> made_;
};

/// The φ-quantile of `values`, which it sorts. Also of quantile_over_time: see
/// https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators. NaN when
/// there are none.
double Quantile(double phi, std::vector<double>& values);

/// `value` in digits without an exponent, as Go's strconv.FormatFloat(value, 'f', -1, 64) has it.
std::string ToDigits(double value);

}  // namespace fleet_edge::rules
