#include "core/counters.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"

namespace fleet_edge {

Counter& Counters::Get(std::string_view name, const Labels& labels) {
  std::pair key{std::string(name), labels};
  const std::lock_guard lock(mutex_);
  if (const auto found = counters_.find(key); found != counters_.end()) return found->second;
  if (counters_.size() >= capacity_) key.second = Labels{{"overflow", "true"}};
  return counters_[std::move(key)];
}

std::vector<Counters::Sample> Counters::Snapshot() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sample> samples;
  samples.reserve(counters_.size());
  for (const auto& [key, counter] : counters_) {
    samples.push_back({key.first, key.second, counter.value()});
  }
  return samples;
}

std::uint64_t Counters::Sum(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (auto at = counters_.lower_bound({std::string(name), {}});
       at != counters_.end() && at->first.first == name; ++at) {
    sum += at->second.value();
  }
  return sum;
}

}  // namespace fleet_edge
