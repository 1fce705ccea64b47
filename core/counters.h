#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"

namespace fleet_edge {

/// A number that only grows. Any thread.
class Counter {
 public:
  void Add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// All counters of the agent, by Prometheus-style name and labels.
///
/// Owned by App. Any thread: parts look their counters up at start and keep the reference, which
/// lives as long as this does; the mutex is for look-ups.
class Counters {
 public:
  struct Sample {
    std::string name;
    Labels labels;
    std::uint64_t value;
  };

  /// Beyond `capacity` counters a new label set is counted under its name with the label
  /// overflow="true".
  explicit Counters(std::size_t capacity = 10'000) : capacity_(capacity) {}

  /// The counter, made with 0 at first sight.
  Counter& Get(std::string_view name, const Labels& labels = {});

  /// All counters by name and labels, each as it stands.
  std::vector<Sample> Snapshot() const;

  /// The sum over all label sets of `name`.
  std::uint64_t Sum(std::string_view name) const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. Nodes of a map keep their addresses.
  std::map<std::pair<std::string, Labels>, Counter> counters_;
};

/// The name under which every reading that is not good, or is dropped before the outbox, is
/// counted; labels driver, signal, reason.
inline constexpr std::string_view kInputRejectedTotal = "fleet_edge_input_rejected_total";

/// The name under which every reading that a driver hands on is counted; label driver.
inline constexpr std::string_view kInputReadingsTotal = "fleet_edge_input_readings_total";

}  // namespace fleet_edge
