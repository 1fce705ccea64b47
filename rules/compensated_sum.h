#pragma once

namespace fleet_edge::rules {

/// Neumaier's compensated sum, with Prometheus's order of operations: 1 + 1e100 + 1 − 1e100 is 2. A
/// value.
class CompensatedSum {
 public:
  CompensatedSum() = default;
  explicit CompensatedSum(double first) : sum_(first) {}
  CompensatedSum(double sum, double compensation) : sum_(sum), compensation_(compensation) {}

  void Add(double value);

  /// Goes on with the values of `later`.
  void Add(const CompensatedSum& later) {
    Add(later.sum_);
    compensation_ += later.compensation_;
  }

  /// What all values come to.
  double Value() const { return sum_ + compensation_; }

  double sum() const { return sum_; }
  double compensation() const { return compensation_; }

 private:
  double sum_ = 0;
  double compensation_ = 0;
};

/// Arithmetic mean over a compensated sum. Goes over to the incremental mean where the sum would
/// overflow, as Prometheus does. A value.
class CompensatedMean {
 public:
  explicit CompensatedMean(double first) : sum_(first) {}

  void Add(double value);
  double Value() const;

 private:
  CompensatedSum sum_;  // once incremental_: of the mean itself
  double count_ = 1;
  bool incremental_ = false;
};

/// Welford's variance of a whole population, compensated as Prometheus's stddev_over_time is. A
/// value.
class CompensatedVariance {
 public:
  void Add(double value);

  /// Goes on with the values of `later` (Chan, Golub and LeVeque 1979). Both have values.
  void Add(const CompensatedVariance& later);

  /// NaN before the first Add().
  double Value() const { return squares_.Value() / count_; }

 private:
  double count_ = 0;
  CompensatedSum mean_;
  CompensatedSum squares_;
};

}  // namespace fleet_edge::rules
