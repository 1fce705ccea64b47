#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rules/expression_world.h"

namespace fleet_edge::rules {

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct ExpectedValue {
  std::string_view expression;
  double value;
};

/// Each expression yields one element of just that value; NaN equals NaN.
inline void CheckValues(ExpressionWorld& world, double seconds,
                        const std::vector<ExpectedValue>& expected) {
  for (const auto& [expression, value] : expected) {
    CAPTURE(expression);
    const double got = world.Value(expression, seconds);
    CAPTURE(got);
    CHECK((got == value || (std::isnan(got) && std::isnan(value))));
  }
}

struct ExpectedValues {
  std::string_view expression;
  std::vector<double> values;
};

/// Each expression of `x` yields these values where x is one of `given`, or values that differ
/// from them by no more than libm from Go's own functions.
inline void CheckEach(const std::vector<double>& given,
                      const std::vector<ExpectedValues>& expected) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    ExpressionWorld world;
    world.Sample("x", {}, 1, given[i]);
    for (const auto& [expression, values] : expected) {
      CAPTURE(expression);
      CAPTURE(given[i]);
      const double got = world.Value(expression, 1);
      CAPTURE(got);
      const double wanted = values.at(i);
      CHECK((got == wanted || (std::isnan(got) && std::isnan(wanted)) ||
             std::abs(got - wanted) <= 1e-15 * std::abs(wanted)));
    }
  }
}

}  // namespace fleet_edge::rules
