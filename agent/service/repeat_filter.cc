#include "agent/service/repeat_filter.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fleet_edge::agent {
namespace {

/// The message without its numbers: attempts, ports and durations change from repeat to repeat.
std::string KindOf(std::string_view message) {
  std::string kind;
  std::ranges::copy_if(message, std::back_inserter(kind),
                       [](char c) { return c < '0' || c > '9'; });
  return kind;
}

}  // namespace

std::optional<std::uint64_t> RepeatFilter::Pass(std::string_view message, Time now) {
  std::string text = KindOf(message);
  if (kinds_.size() >= limits_.kinds && !kinds_.contains(text)) kinds_.clear();
  Kind& kind = kinds_[std::move(text)];
  if (now >= kind.since + limits_.period || now < kind.since) {
    kind.since = now;
    kind.passed = 0;
  }
  if (kind.passed >= limits_.burst) {
    ++kind.held_back;
    return std::nullopt;
  }
  ++kind.passed;
  return std::exchange(kind.held_back, 0);
}

}  // namespace fleet_edge::agent
