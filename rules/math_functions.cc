#include "rules/math_functions.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "rules/function.h"

namespace fleet_edge::rules {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// As Go defines it: an infinity of the sought side wins over NaN, NaN over all else, −0 is less
/// than 0.
double Least(double a, double b) {
  if (a == -kInf || b == -kInf) return -kInf;
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  if (a == 0 && b == 0) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}

double Greatest(double a, double b) { return -Least(-a, -b); }

double HeldBetween(double value, double least, double greatest) {
  return Greatest(least, Least(greatest, value));
}

/// Go's sinh and cosh overflow where e^x does.
constexpr double kHyperbolicIsExponential = 21;

}  // namespace

double Abs(double value) { return std::abs(value); }
double Ceil(double value) { return std::ceil(value); }
double Floor(double value) { return std::floor(value); }
double Sgn(double value) { return value < 0 ? -1 : value > 0 ? 1 : value; }
double Sqrt(double value) { return std::sqrt(value); }
double Exp(double value) { return std::exp(value); }
double Ln(double value) { return std::log(value); }

double Log2(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  if (fraction == 0.5) return exponent - 1;
  return std::log(fraction) * std::numbers::log2e + exponent;
}

double Log10(double value) { return std::log(value) * std::numbers::log10e; }

double Sin(double value) { return std::sin(value); }
double Cos(double value) { return std::cos(value); }
double Tan(double value) { return std::tan(value); }
// By way of the arc tangent, as Prometheus has them: near 1 the difference of two angles loses
// digits that a C library keeps.
double Asin(double value) {
  const double side = std::abs(value);
  if (!(side <= 1)) return std::numeric_limits<double>::quiet_NaN();
  const double other = std::sqrt(1 - side * side);
  const double angle =
      side > 0.7 ? std::numbers::pi / 2 - std::atan(other / side) : std::atan(side / other);
  return std::copysign(angle, value);
}
double Acos(double value) { return std::numbers::pi / 2 - Asin(value); }
double Atan(double value) { return std::atan(value); }

double Sinh(double value) {
  if (std::abs(value) > kHyperbolicIsExponential)
    return std::copysign(std::exp(std::abs(value)) * 0.5, value);
  return std::sinh(value);
}

double Cosh(double value) {
  const double size = std::abs(value);
  return size > kHyperbolicIsExponential ? std::exp(size) * 0.5 : std::cosh(size);
}

double Tanh(double value) { return std::tanh(value); }
double Asinh(double value) { return std::asinh(value); }
double Acosh(double value) { return std::acosh(value); }
double Atanh(double value) { return std::atanh(value); }
double Deg(double value) { return value * 180 / std::numbers::pi; }
double Rad(double value) { return value * std::numbers::pi / 180; }

std::optional<double> Round(double value, Scalars scalars) {
  const double inverse = 1.0 / scalars[0];
  return std::floor(value * inverse + 0.5) / inverse;
}

std::optional<double> Clamp(double value, Scalars scalars) {
  if (scalars[1] < scalars[0]) return std::nullopt;
  return HeldBetween(value, scalars[0], scalars[1]);
}

std::optional<double> ClampMin(double value, Scalars scalars) {
  return HeldBetween(value, scalars[0], kInf);
}

std::optional<double> ClampMax(double value, Scalars scalars) {
  return HeldBetween(value, -kInf, scalars[0]);
}

}  // namespace fleet_edge::rules
