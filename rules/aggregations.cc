#include "rules/aggregations.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/go_format.h"
#include "rules/label_pool.h"
#include "rules/projection.h"

namespace fleet_edge::rules {

void AggregateNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& operand = operand_.Evaluate(evaluation);
  const std::uint64_t token = evaluation.pool.NewToken();
  groups_.clear();
  for (const auto& [labels, value] : operand) {
    const LabelSet* const group = grouping_(labels);
    if (group->token == token) {
      AddTo(groups_[group->slot], value);
      continue;
    }
    group->token = token;
    group->slot = groups_.size();
    groups_.push_back(
        {group, 1, value, CompensatedSum(value), CompensatedMean(value), value, value - value});
  }
  for (const Group& group : groups_) result.push_back({group.labels, ValueOf(group)});
}

void AggregateNode::AddTo(Group& group, double value) const {
  group.count += 1;
  switch (op_) {
    case AggregateOp::kSum:
      group.sum.Add(value);
      break;
    case AggregateOp::kMin:
      if (group.extreme > value || std::isnan(group.extreme)) group.extreme = value;
      break;
    case AggregateOp::kMax:
      if (group.extreme < value || std::isnan(group.extreme)) group.extreme = value;
      break;
    case AggregateOp::kAvg:
      group.mean.Add(value);
      break;
    case AggregateOp::kStddev:
    case AggregateOp::kStdvar: {
      const double from_old_center = value - group.center;
      group.center += from_old_center / group.count;
      group.squares += from_old_center * (value - group.center);
      break;
    }
    default:  // the count is all
      break;
  }
}

double AggregateNode::ValueOf(const Group& group) const {
  switch (op_) {
    case AggregateOp::kSum:
      return group.sum.Value();
    case AggregateOp::kMin:
    case AggregateOp::kMax:
      return group.extreme;
    case AggregateOp::kAvg:
      return group.mean.Value();
    case AggregateOp::kStddev:
      return std::sqrt(group.squares / group.count);
    case AggregateOp::kStdvar:
      return group.squares / group.count;
    case AggregateOp::kGroup:
      return 1;
    default:
      return group.count;
  }
}

std::vector<Grouped::Group>& Grouped::Of(const Vector& elements) {
  const std::uint64_t token = pool_.NewToken();
  groups_.clear();
  for (const Element& element : elements) {
    const LabelSet* const labels = grouping_(element.labels);
    if (labels->token != token) {
      labels->token = token;
      labels->slot = groups_.size();
      groups_.push_back({labels, {}});
    }
    groups_[labels->slot].elements.push_back(element);
  }
  return groups_;
}

void QuantileNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& parameter = parameter_.Evaluate(evaluation);
  const Vector& operand = operand_.Evaluate(evaluation);
  if (evaluation.failure) return;
  std::vector<double> values;
  for (const Grouped::Group& group : grouped_.Of(operand)) {
    values.clear();
    for (const Element& element : group.elements) values.push_back(element.value);
    result.push_back({group.labels, Quantile(parameter.front().value, values)});
  }
}

void RankNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& parameter = parameter_.Evaluate(evaluation);
  const Vector& operand = operand_.Evaluate(evaluation);
  if (evaluation.failure) return;
  const double k = parameter.front().value;
  if (k < 1) return;
  constexpr double kBeyondInt64 = 9223372036854775808.0;
  if (std::isnan(k) || k >= kBeyondInt64) {
    return evaluation.Fail("'" + std::string(ToString(op_)) + "' takes a whole number, got " +
                           ToGoText(k));
  }
  for (auto& [labels, elements] : grouped_.Of(operand)) {
    const std::size_t count =
        k < static_cast<double>(elements.size()) ? static_cast<std::size_t>(k) : elements.size();
    const auto end = elements.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(elements.begin(), end, elements.end(),
                      [&](const Element& a, const Element& b) { return Before(a, b); });
    result.insert(result.end(), elements.begin(), end);
  }
}

bool RankNode::Before(const Element& a, const Element& b) const {
  const bool a_is_nan = std::isnan(a.value);
  const bool b_is_nan = std::isnan(b.value);
  if (a_is_nan != b_is_nan) return b_is_nan;
  if (!a_is_nan && a.value != b.value)
    return op_ == AggregateOp::kTopk ? a.value > b.value : a.value < b.value;
  return a.labels->labels < b.labels->labels;
}

CountValuesNode::CountValuesNode(LabelPool& pool, const LabelChoice& grouping, std::string label,
                                 Node& operand)
    : pool_(pool),
      label_(std::move(label)),
      drops_label_(grouping.kind == LabelChoice::Kind::kExcept &&
                   (label_ == kNameLabel ||
                    std::ranges::find(grouping.names, label_) != grouping.names.end())),
      operand_(operand),
      grouping_(pool, grouping) {}

void CountValuesNode::Compute(Evaluation& evaluation, Vector& result) {
  const Vector& operand = operand_.Evaluate(evaluation);
  const std::uint64_t token = pool_.NewToken();
  for (const Element& element : operand) {
    const LabelSet* group = grouping_(element.labels);
    if (!drops_label_) {
      Labels labels = group->labels;
      labels.Set(label_, ToDigits(element.value));
      const auto known = made_.find(labels);
      if (known == made_.end() && made_.size() >= kMostLabelSets) {
        return evaluation.Fail("'count_values' has met more than " +
                               std::to_string(kMostLabelSets) + " different values");
      }
      group = known != made_.end() ? known->second
                                   : made_.emplace(labels, pool_.Intern(labels)).first->second;
    }
    if (group->token != token) {
      group->token = token;
      group->slot = result.size();
      result.push_back({group, 0});
    }
    result[group->slot].value += 1;
  }
}

double Quantile(double phi, std::vector<double>& values) {
  using Limits = std::numeric_limits<double>;
  if (values.empty() || std::isnan(phi)) return Limits::quiet_NaN();
  if (phi < 0) return -Limits::infinity();
  if (phi > 1) return Limits::infinity();
  std::ranges::sort(values, [](double a, double b) {
    return std::isnan(a) ? !std::isnan(b) : a < b;  // NaN comes first
  });
  const double last = static_cast<double>(values.size() - 1);
  const double rank = phi * last;
  const double lower = std::floor(rank);
  const double upper = std::min(last, lower + 1);
  const double weight = rank - lower;
  return values[static_cast<std::size_t>(lower)] * (1 - weight) +
         values[static_cast<std::size_t>(upper)] * weight;
}

std::string ToDigits(double value) {
  if (!std::isfinite(value)) return ToGoText(value);
  // The shortest digits that read back, `d.ddde±xx`, with the point moved by the exponent. Fixed
  // notation of to_chars() would print large numbers in full instead.
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                          std::abs(value), std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits += c;
  }
  const int exponent = std::stoi(std::string(text.substr(e + 1)));
  if (exponent < 0) {
    digits = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  } else if (const auto whole = static_cast<std::size_t>(exponent) + 1; digits.size() <= whole) {
    digits.resize(whole, '0');
  } else {
    digits.insert(whole, ".");
  }
  return std::signbit(value) ? "-" + digits : digits;
}

}  // namespace fleet_edge::rules
