#include "rules/compensated_sum.h"

#include <cmath>

namespace fleet_edge::rules {

void CompensatedSum::Add(double value) {
  const double sum = sum_ + value;
  if (std::isinf(sum)) {
    compensation_ = 0;
  } else if (std::abs(sum_) >= std::abs(value)) {
    compensation_ += (sum_ - sum) + value;
  } else {
    compensation_ += (value - sum) + sum_;
  }
  sum_ = sum;
}

void CompensatedMean::Add(double value) {
  count_ += 1;
  if (!incremental_) {
    CompensatedSum next = sum_;
    next.Add(value);
    if (!std::isinf(next.sum())) {
      sum_ = next;
      return;
    }
    incremental_ = true;
    sum_ = {sum_.sum() / (count_ - 1), sum_.compensation() / (count_ - 1)};
  }
  const double kept = (count_ - 1) / count_;
  sum_ = {kept * sum_.sum(), kept * sum_.compensation()};
  sum_.Add(value / count_);
}

double CompensatedMean::Value() const {
  if (incremental_) return sum_.Value();
  return sum_.sum() / count_ + sum_.compensation() / count_;
}

void CompensatedVariance::Add(double value) {
  count_ += 1;
  const double from_old_mean = value - mean_.Value();
  mean_.Add(from_old_mean / count_);
  squares_.Add(from_old_mean * (value - mean_.Value()));
}

void CompensatedVariance::Add(const CompensatedVariance& later) {
  const double count = count_ + later.count_;
  const double apart = later.mean_.Value() - mean_.Value();
  squares_.Add(later.squares_);
  squares_.Add(apart * apart * (count_ / count * later.count_));
  mean_.Add(apart * (later.count_ / count));
  count_ = count;
}

}  // namespace fleet_edge::rules
