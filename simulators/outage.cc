#include "simulators/outage.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {

std::optional<Outage> ParseOutage(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::optional<Duration> length = ParseDuration(text.substr(0, at));
  const std::optional<Duration> begin = ParseDuration(text.substr(at + 1));
  if (!length || !begin || *length <= Duration::zero()) return std::nullopt;
  return Outage{.begin = *begin, .end = *begin + *length};
}

std::vector<Outage> Merged(std::vector<Outage> outages) {
  std::ranges::sort(outages, {}, &Outage::begin);
  std::vector<Outage> merged;
  for (const Outage& outage : outages) {
    if (!merged.empty() && outage.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, outage.end);
    } else {
      merged.push_back(outage);
    }
  }
  return merged;
}

}  // namespace fleet_edge::simulators
