#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/labels.h"
#include "core/signal.h"

namespace fleet_edge {

/// A signal with its labels: what a reading is of. Made by the registry alone, which keeps it for
/// ever; two series are the same when their addresses are.
struct Series {
  std::uint32_t id;  ///< dense, from 0, in order of first sight; valid in this process only
  std::string name;  ///< of the signal
  Labels labels;
  const Signal* catalogued;  ///< null when the name is not in the catalogue
};

/// `cargo_celsius{zone="1"}`.
std::string ToString(const Series& series);

/// Gives each (name, labels) one address, so that readings carry a pointer instead of strings.
///
/// Owned by App, outlives all readings. Any thread: drivers look a series up once and keep the
/// pointer; the mutex is for those first sights.
class SeriesRegistry {
 public:
  /// At most `capacity` series are made: labels that come from outside (topic segments) must not
  /// fill the memory.
  explicit SeriesRegistry(std::size_t capacity = 10'000) : capacity_(capacity) {}

  /// The series, its labels in valid UTF-8, made at first sight. Null when the registry is full:
  /// the reading is then counted as dropped, reason `series_limit`.
  const Series* Find(std::string_view name, const Labels& labels);

  std::size_t size() const;

 private:
  struct KeyHash {
    std::size_t operator()(const Series* series) const;
  };
  struct KeyEqual {
    bool operator()(const Series* a, const Series* b) const {
      return a->name == b->name && a->labels == b->labels;
    }
  };

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. A deque, since it keeps addresses as it grows.
  std::deque<Series> series_;
  std::unordered_map<const Series*, const Series*, KeyHash, KeyEqual> index_;
};

}  // namespace fleet_edge
