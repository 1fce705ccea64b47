#include "rules/vector_functions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {
namespace {

/// Sorts by value, NaN last.
template <typename Before>
void SortBy(Vector& vector, const Before& before) {
  std::ranges::stable_sort(vector, [&](const Element& a, const Element& b) {
    if (std::isnan(a.value) || std::isnan(b.value))
      return !std::isnan(a.value) && std::isnan(b.value);
    return before(a.value, b.value);
  });
}

}  // namespace

void Sort(const Vector& operand, Evaluation& /*evaluation*/, Vector& result) {
  result = operand;
  SortBy(result, std::ranges::less{});
}

void SortDesc(const Vector& operand, Evaluation& /*evaluation*/, Vector& result) {
  result = operand;
  SortBy(result, std::ranges::greater{});
}

void ToScalar(const Vector& operand, Evaluation& evaluation, Vector& result) {
  const double value =
      operand.size() == 1 ? operand.front().value : std::numeric_limits<double>::quiet_NaN();
  result.push_back({evaluation.pool.empty(), value});
}

void ToVector(const Vector& operand, Evaluation& /*evaluation*/, Vector& result) {
  result = operand;
}

double TimeOf(UtcTime at) { return ToSeconds(at); }

double Pi(UtcTime /*at*/) { return std::numbers::pi; }

}  // namespace fleet_edge::rules
