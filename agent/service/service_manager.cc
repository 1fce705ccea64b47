#include "agent/service/service_manager.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "agent/service/local_datagram.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

// The protocol of sd_notify(3), which systemd keeps stable; libsystemd would cost a megabyte.
void Tell(const std::string& state) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr) return;
  const int failure = SendLocalDatagram(path, state);
  if (failure != 0) {
    spdlog::warn("systemd can't be told how the agent is: {}", std::strerror(failure));
  }
}

/// A whole number of the environment; nothing when it isn't there, or is no such.
std::optional<std::int64_t> NumberOf(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) {
    spdlog::warn("{}={} can't be read", name, text);
    return std::nullopt;
  }
  return number;
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
  // As sd_watchdog_enabled(3) reads them: another process may be meant.
  if (std::getenv("WATCHDOG_PID") != nullptr && NumberOf("WATCHDOG_PID") != ::getpid()) {
    return std::nullopt;
  }
  const std::optional<std::int64_t> period_us = NumberOf("WATCHDOG_USEC");
  if (!period_us) return std::nullopt;
  return Duration{*period_us};
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
