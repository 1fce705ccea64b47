#include "agent/metrics/metric_families.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/metrics/metric_table.h"
#include "agent/text/digest.h"
#include "core/labels.h"
#include "drivers/io/latin1.h"

namespace fleet_edge::agent {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

void Set(ClientMetric& metric, MetricType type, double value) {
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// What Prometheus takes: one value that isn't UTF-8 would cost it the whole page. A long one is
/// cut between characters; its digest keeps it apart from others that begin like it.
std::string LabelValue(const std::string& value) {
  std::string text = drivers::Utf8OfLatin1(value);
  std::size_t size = MetricFamilies::kMaxValue;
  if (text.size() <= size) return text;
  while (size > 0 && IsContinuation(text[size])) --size;
  constexpr std::size_t kDigits = 12;
  return text.substr(0, size) + "…" + Sha256(value).substr(0, kDigits);
}

}  // namespace

MetricFamilies::MetricFamilies() {
  for (const MetricDoc& doc : MetricTable()) {
    places_[doc.name] = families_.size();
    MetricFamily& family = families_.emplace_back();
    family.name = doc.name;
    family.help = doc.help;
    family.type = doc.kind == MetricKind::kCounter ? MetricType::Counter : MetricType::Gauge;
  }
}

void MetricFamilies::Add(std::string_view name, double value, const Labels& labels) {
  const auto place = places_.find(name);
  assert(place != places_.end());
  AddTo(families_[place->second], value, labels);
}

void MetricFamilies::AddCounter(std::string_view name, std::uint64_t value, const Labels& labels) {
  const auto place = places_.find(name);
  if (place != places_.end()) {
    return AddTo(families_[place->second], static_cast<double>(value), labels);
  }
  if (families_.back().name != name) {  // samples come sorted by name
    families_.emplace_back().name = name;
    families_.back().type = MetricType::Counter;
  }
  AddTo(families_.back(), static_cast<double>(value), labels);
}

void MetricFamilies::AddTo(MetricFamily& family, double value, const Labels& labels) {
  if (family.metric.size() < kMaxSeries) {
    ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [name, text] : labels) metric.label.push_back({name, LabelValue(text)});
    return Set(metric, family.type, value);
  }
  ++hidden_;
  if (family.type != MetricType::Counter) return;
  if (family.metric.size() == kMaxSeries) {
    family.metric.emplace_back().label.push_back({"overflow", "true"});
  }
  family.metric.back().counter.value += value;
}

std::vector<MetricFamily> MetricFamilies::Take() {
  std::erase_if(families_, [](const MetricFamily& family) { return family.metric.empty(); });
  return std::move(families_);
}

}  // namespace fleet_edge::agent
