#pragma once

#include <optional>

#include "rules/function.h"

namespace fleet_edge::rules {

/// Functions of one element's value, with Prometheus's order of operations. Names are PromQL's;
/// NaN and ±Inf go through as in IEEE 754. Angles are radians.

double Abs(double value);
double Ceil(double value);
double Floor(double value);
double Sgn(double value);
double Sqrt(double value);
double Exp(double value);
double Ln(double value);
double Log2(double value);
double Log10(double value);

double Sin(double value);
double Cos(double value);
double Tan(double value);
double Asin(double value);
double Acos(double value);
double Atan(double value);
double Sinh(double value);
double Cosh(double value);
double Tanh(double value);
double Asinh(double value);
double Acosh(double value);
double Atanh(double value);
double Deg(double value);
double Rad(double value);

/// The multiple of scalars[0] that is nearest; the greater of two.
std::optional<double> Round(double value, Scalars scalars);

/// Held between scalars[0] and scalars[1]; nothing when those are the wrong way round.
std::optional<double> Clamp(double value, Scalars scalars);
/// Held at or above, at or below scalars[0].
std::optional<double> ClampMin(double value, Scalars scalars);
std::optional<double> ClampMax(double value, Scalars scalars);

}  // namespace fleet_edge::rules
