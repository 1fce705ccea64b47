#include "agent/health/drain_meter.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "core/time.h"

namespace fleet_edge::agent {
namespace {

constexpr Duration kWindow = std::chrono::minutes{1};
constexpr std::size_t kMaxNotes = 120;

}  // namespace

void DrainMeter::Note(BootTime now, std::uint64_t queued) {
  const std::lock_guard lock(mutex_);
  notes_.emplace_back(now, queued);
  while (notes_.size() > kMaxNotes || notes_.front().first < now - kWindow) notes_.pop_front();
}

std::optional<Duration> DrainMeter::ToEmpty() const {
  const std::lock_guard lock(mutex_);
  if (notes_.empty()) return std::nullopt;
  const auto& [began, before] = notes_.front();
  const auto& [now, left] = notes_.back();
  if (left == 0) return Duration{0};
  if (left >= before) return std::nullopt;
  const double share = static_cast<double>(left) / static_cast<double>(before - left);
  return std::chrono::duration_cast<Duration>(share * (now - began));
}

}  // namespace fleet_edge::agent
