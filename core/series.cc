#include "core/series.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "core/signal.h"
#include "core/utf8.h"

namespace fleet_edge {

std::string ToString(const Series& series) { return series.name + ToString(series.labels); }

std::size_t SeriesRegistry::KeyHash::operator()(const Series* series) const {
  return std::hash<std::string>{}(series->name) ^ LabelsHash {}(series->labels);
}

const Series* SeriesRegistry::Find(std::string_view name, const Labels& labels) {
  Series key{0, std::string(name), labels, nullptr};
  // One byte of another code, and no consumer could read the batch.
  for (const auto& [label, value] : labels) {
    if (FindNoUtf8(value) != std::string_view::npos) key.labels.Set(label, ValidUtf8(value));
  }
  const std::lock_guard lock(mutex_);
  if (const auto found = index_.find(&key); found != index_.end()) return found->second;
  if (series_.size() >= capacity_) return nullptr;
  const auto id = static_cast<std::uint32_t>(series_.size());
  const Series& made = series_.emplace_back(Series{id, key.name, key.labels, FindSignal(name)});
  index_.emplace(&made, &made);
  return &made;
}

std::size_t SeriesRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return series_.size();
}

}  // namespace fleet_edge
