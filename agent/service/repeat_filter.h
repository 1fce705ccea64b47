#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fleet_edge::agent {

/// Keeps a fault that goes on for hours from filling the log: of messages that differ in their
/// numbers alone, not in a name with digits, a few pass in each period, the next one to pass says
/// how many were held back.
///
/// Owned by the log's sink, called under its mutex. Knows no clock.
class RepeatFilter {
 public:
  using Time = std::chrono::system_clock::time_point;

  struct Limits {
    std::uint32_t burst = 5;  ///< messages of one kind that pass in a period
    std::chrono::seconds period{60};
    std::size_t kinds =
        256;  ///< remembered; beyond it all are forgotten, so that more passes, not less
  };

  explicit RepeatFilter(Limits limits) : limits_(limits) {}

  /// How many messages like this one were held back before it; nothing when it is to be held back
  /// too.
  std::optional<std::uint64_t> Pass(std::string_view message, Time now);

 private:
  struct Kind {
    Time since;
    std::uint32_t passed = 0;
    std::uint64_t held_back = 0;
  };

  const Limits limits_;
  std::unordered_map<std::string, Kind> kinds_;
};

}  // namespace fleet_edge::agent
