#include "agent/health/fill_meter.h"

#include <chrono>
#include <mutex>
#include <optional>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

constexpr Duration kWindow = std::chrono::minutes{10};
constexpr Duration kSpacing = std::chrono::seconds{5};
constexpr Duration kLeast = std::chrono::minutes{1};
constexpr Duration kNever = std::chrono::years{10};  // a pace of bytes an hour is none

}  // namespace

void FillMeter::Note(BootTime now, Bytes disk) {
  const std::lock_guard lock(mutex_);
  if (!notes_.empty() && now - notes_.back().first < kSpacing) return;
  notes_.emplace_back(now, disk);
  while (notes_.front().first < now - kWindow) notes_.pop_front();
}

std::optional<Duration> FillMeter::ToFull(Bytes quota) const {
  const std::lock_guard lock(mutex_);
  if (notes_.empty()) return std::nullopt;
  const auto& [began, before] = notes_.front();
  const auto& [now, taken] = notes_.back();
  if (taken.count >= quota.count) return Duration{0};
  if (now - began < kLeast || taken.count <= before.count) return std::nullopt;
  const double share = static_cast<double>(quota.count - taken.count) /
                       static_cast<double>(taken.count - before.count);
  const double seconds = share * ToSeconds(now - began);
  if (seconds > ToSeconds(kNever)) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace fleet_edge::agent
