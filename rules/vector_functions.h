#pragma once

#include "core/time.h"
#include "rules/evaluation.h"

namespace fleet_edge::rules {

/// Functions of whole vectors and of the instant. Names are PromQL's.

/// By value, NaN last either way; equal ones stay in their order.
void Sort(const Vector& operand, Evaluation& evaluation, Vector& result);
void SortDesc(const Vector& operand, Evaluation& evaluation, Vector& result);

/// `scalar`: the value of the only element, NaN when there are none or several.
void ToScalar(const Vector& operand, Evaluation& evaluation, Vector& result);

/// `vector`: a scalar as an element without labels.
void ToVector(const Vector& operand, Evaluation& evaluation, Vector& result);

/// `time`: seconds since 1970.
double TimeOf(UtcTime at);

double Pi(UtcTime at);

}  // namespace fleet_edge::rules
