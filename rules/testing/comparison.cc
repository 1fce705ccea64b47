#include "rules/testing/comparison.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/label_pool.h"
#include "rules/query.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::rules {
namespace {

using Samples = std::vector<std::pair<Labels, double>>;

std::string Show(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// `up{job="a"}`, `{job="a"}`, `{}`.
std::string ShowMetric(Labels labels) {
  std::string text(labels.Get(kNameLabel));
  labels.Remove(kNameLabel);
  if (labels.empty()) return text.empty() ? "{}" : text;
  return text + ToString(labels);
}

std::string OnOneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else {
      line += c;
    }
  }
  return line;
}

void AppendAlert(const ExpectedAlert& alert, std::vector<std::string>& lines) {
  lines.push_back(ToString(alert.labels));
  for (const auto& [name, text] : alert.annotations) {
    lines.push_back("  " + name + ": " + OnOneLine(text));
  }
}

std::vector<std::string> LinesOf(std::vector<ExpectedAlert> alerts) {
  std::ranges::sort(alerts, [](const ExpectedAlert& a, const ExpectedAlert& b) {
    return a.labels != b.labels ? a.labels < b.labels : a.annotations < b.annotations;
  });
  std::vector<std::string> lines;
  for (const ExpectedAlert& alert : alerts) AppendAlert(alert, lines);
  return lines;
}

std::vector<std::string> LinesOf(std::vector<ExpectedNotification> told) {
  std::ranges::sort(told, [](const ExpectedNotification& a, const ExpectedNotification& b) {
    if (a.at != b.at) return a.at < b.at;
    return a.state != b.state ? a.state < b.state : a.labels < b.labels;
  });
  std::vector<std::string> lines;
  for (const ExpectedNotification& each : told) {
    std::string line = fleet_edge::ToString(each.at) + " ";
    lines.push_back(line.append(ToString(each.state)) + " " + ToString(each.labels));
  }
  return lines;
}

Labels WithName(const AlertEvent& event) {
  Labels labels = event.labels;
  labels.Set("alertname", event.alert);
  return labels;
}

bool SameValue(double a, double b, bool fuzzy) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return fuzzy && (std::nextafter(a, kInfinity) == b || std::nextafter(a, -kInfinity) == b);
}

void SortByLabels(Samples& samples) {
  std::ranges::stable_sort(samples, {},
                           [](const auto& sample) -> const Labels& { return sample.first; });
}

std::vector<std::string> LinesOf(const Samples& samples) {
  std::vector<std::string> lines;
  lines.reserve(samples.size());
  for (const auto& [labels, value] : samples)
    lines.push_back(ShowMetric(labels) + " " + Show(value));
  return lines;
}

}  // namespace

void Compare(const AlertTest& test, const std::vector<AlertEvent>& firing, Mismatch& mismatch) {
  std::vector<ExpectedAlert> got;
  got.reserve(firing.size());
  for (const AlertEvent& event : firing) got.push_back({WithName(event), event.annotations});
  mismatch.expected = LinesOf(test.expected);
  mismatch.got = LinesOf(std::move(got));
}

void Compare(const ExpressionTest& test, const QueryResult& result, bool fuzzy,
             Mismatch& mismatch) {
  Samples expected = test.expected;
  Samples got = result.elements;
  SortByLabels(expected);
  SortByLabels(got);
  // What is equal shall read the same, though it be 0 and -0.
  for (auto& element : got) {
    const auto twin = std::ranges::find_if(expected, [&](const auto& sample) {
      return sample.first == element.first && SameValue(sample.second, element.second, fuzzy);
    });
    if (twin != expected.end()) element.second = twin->second;
  }
  mismatch.expected = LinesOf(expected);
  mismatch.got = LinesOf(got);
}

void Compare(const NotificationTest& test, const std::vector<AlertEvent>& told, UtcTime start,
             Mismatch& mismatch) {
  std::vector<ExpectedNotification> got;
  got.reserve(told.size());
  for (const AlertEvent& event : told) {
    got.push_back({event.at - start, event.state, WithName(event)});
  }
  mismatch.expected = LinesOf(test.expected);
  mismatch.got = LinesOf(std::move(got));
}

}  // namespace fleet_edge::rules
