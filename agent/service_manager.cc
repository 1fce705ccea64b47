#include "agent/service_manager.h"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "core/time.h"

namespace fleet_edge::agent {
namespace {

void Tell(const std::string& state) {
  const int done = sd_notify(0, state.c_str());
  if (done < 0) spdlog::warn("systemd can't be told how the agent is: {}", std::strerror(-done));
}

/// A sentence as one assignment: the protocol's lines end at a line feed.
std::string Status(std::string sentence) {
  std::ranges::replace(sentence, '\n', ' ');
  return "STATUS=" + sentence;
}

/// libstdc++'s steady clock is CLOCK_MONOTONIC, which the protocol counts in.
std::int64_t MonotonicUsec() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

std::optional<Duration> ServiceManager::WatchdogPeriod() {
  std::uint64_t period_us = 0;
  const int watched = sd_watchdog_enabled(0, &period_us);
  if (watched < 0) {
    spdlog::warn("WATCHDOG_USEC or WATCHDOG_PID can't be read: {}", std::strerror(-watched));
  }
  if (watched <= 0) return std::nullopt;
  return Duration{static_cast<Duration::rep>(period_us)};
}

void ServiceManager::Ready() const { Tell("READY=1"); }

void ServiceManager::Reloading() const {
  // The time tells systemd 253 and newer which of several reloads this is.
  Tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(MonotonicUsec()));
}

void ServiceManager::Alive(const std::string& status) const {
  Tell("WATCHDOG=1\n" + Status(status));
}

void ServiceManager::Say(const std::string& status) const { Tell(Status(status)); }

void ServiceManager::Stopping() const { Tell("STOPPING=1"); }

}  // namespace fleet_edge::agent
