#include "agent/health/counter_growth.h"

#include <tuple>
#include <utility>
#include <vector>

#include "core/counters.h"

namespace fleet_edge::agent {

std::vector<Counters::Sample> CounterGrowth::Since(std::vector<Counters::Sample> now) {
  const auto key = [](const Counters::Sample& sample) {
    return std::tie(sample.name, sample.labels);
  };
  std::vector<Counters::Sample> grown;
  auto before = before_.begin();
  for (const Counters::Sample& sample : now) {
    while (before != before_.end() && key(*before) < key(sample)) ++before;
    const bool known = before != before_.end() && key(*before) == key(sample);
    const auto base = known ? before->value : 0;
    if (sample.value > base) grown.push_back({sample.name, sample.labels, sample.value - base});
  }
  before_ = std::move(now);
  return grown;
}

}  // namespace fleet_edge::agent
