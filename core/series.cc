#include "core/series.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "core/signal.h"

namespace fleet_edge {

std::string ToString(const Series& series) { return series.name + ToString(series.labels); }

std::size_t SeriesRegistry::KeyHash::operator()(const Series* series) const {
  return std::hash<std::string>{}(series->name) ^ LabelsHash {}(series->labels);
}

const Series* SeriesRegistry::Find(std::string_view name, const Labels& labels) {
  const Series key{0, std::string(name), labels, nullptr};
  const std::lock_guard lock(mutex_);
  if (const auto found = index_.find(&key); found != index_.end()) return found->second;
  if (series_.size() >= capacity_) return nullptr;
  const auto id = static_cast<std::uint32_t>(series_.size());
  const Series& made = series_.emplace_back(Series{id, key.name, labels, FindSignal(name)});
  index_.emplace(&made, &made);
  return &made;
}

std::size_t SeriesRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return series_.size();
}

}  // namespace fleet_edge
