#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <limits>

namespace fleet_edge {

/// A span of time, not negative, as the kernel takes it. More seconds than its time_t holds (68
/// years where that has 32 bits) become the most that it holds.
inline timespec ToTimespec(std::chrono::nanoseconds span) {
  constexpr std::int64_t kMost = std::numeric_limits<std::time_t>::max();
  const auto whole = std::chrono::floor<std::chrono::seconds>(span);
  timespec result{};
  result.tv_sec = static_cast<std::time_t>(std::min<std::int64_t>(whole.count(), kMost));
  result.tv_nsec = static_cast<decltype(result.tv_nsec)>((span - whole).count());
  return result;
}

}  // namespace fleet_edge
