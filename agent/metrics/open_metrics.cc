#include "agent/metrics/open_metrics.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/escaped.h"

namespace fleet_edge::agent {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view kTotal = "_total";

/// Base units, as Prometheus names them.
constexpr std::array<std::string_view, 3> kUnits = {"seconds", "bytes", "ratio"};

/// The shortest text that reads back as the same number.
void AppendNumber(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
  }
}

void AppendLabels(std::string& out, const std::vector<ClientMetric::Label>& labels) {
  if (labels.empty()) return;
  char before = '{';
  for (const ClientMetric::Label& label : labels) {
    out += before;
    out.append(label.name).append("=\"");
    AppendEscaped(out, label.value);
    out += '"';
    before = ',';
  }
  out += '}';
}

void AppendFamily(std::string& out, const MetricFamily& family) {
  const bool counter = family.type == MetricType::Counter;
  if (!counter && family.type != MetricType::Gauge) return;
  std::string_view name = family.name;
  if (counter && name.ends_with(kTotal)) name.remove_suffix(kTotal.size());
  out.append("# TYPE ").append(name).append(counter ? " counter\n" : " gauge\n");
  const std::string_view unit = name.substr(name.rfind('_') + 1);
  for (const std::string_view known : kUnits) {
    if (unit == known) out.append("# UNIT ").append(name).append(" ").append(unit).append("\n");
  }
  out.append("# HELP ").append(name).append(" ");
  AppendEscaped(out, family.help);
  out += '\n';
  for (const ClientMetric& metric : family.metric) {
    out.append(name).append(counter ? kTotal : "");
    AppendLabels(out, metric.label);
    out += ' ';
    AppendNumber(out, counter ? metric.counter.value : metric.gauge.value);
    out += '\n';
  }
}

/// Takes what stands before `separator` off `text`, without blanks around it.
std::string_view TakeUntil(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  while (part.starts_with(' ') || part.starts_with('\t')) part.remove_prefix(1);
  while (part.ends_with(' ') || part.ends_with('\t')) part.remove_suffix(1);
  return part;
}

/// The greatest `q` that `accept` gives to `type`, which it names; negative where it doesn't.
double WeightOf(std::string_view type, std::string_view accept) {
  double best = -1;
  while (!accept.empty()) {
    std::string_view range = TakeUntil(accept, ',');
    if (TakeUntil(range, ';') != type) continue;
    double weight = 1;
    while (!range.empty()) {
      std::string_view parameter = TakeUntil(range, ';');
      if (!parameter.starts_with("q=")) continue;
      parameter.remove_prefix(2);
      std::from_chars(parameter.data(), parameter.data() + parameter.size(), weight);
    }
    best = std::max(best, weight);
  }
  return best;
}

}  // namespace

std::string OpenMetricsText(const std::vector<MetricFamily>& families) {
  std::string text;
  for (const MetricFamily& family : families) AppendFamily(text, family);
  return text + "# EOF\n";
}

bool PrefersOpenMetrics(std::string_view accept) {
  const double weight = WeightOf("application/openmetrics-text", accept);
  return weight > 0 && weight >= WeightOf("text/plain", accept);
}

}  // namespace fleet_edge::agent
