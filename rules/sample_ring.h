#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/time.h"

namespace fleet_edge::rules {

/// What a series was at one time.
struct Sample {
  UtcTime time;
  double value = 0;
};

/// The samples of one series within a range, in order of time, in the one or two pieces in which
/// the ring holds them. A view: valid until the ring changes.
struct Window {
  std::span<const Sample> older;
  std::span<const Sample> newer;

  std::size_t size() const { return older.size() + newer.size(); }
  bool empty() const { return older.empty(); }

  /// Precondition: !empty().
  const Sample& front() const { return older.front(); }
  const Sample& back() const { return newer.empty() ? older.back() : newer.back(); }

  /// Precondition: index < size().
  const Sample& operator[](std::size_t index) const {
    return index < older.size() ? older[index] : newer[index - older.size()];
  }

  template <typename Visit>
  void ForEach(Visit&& visit) const {
    std::ranges::for_each(older, visit);
    std::ranges::for_each(newer, visit);
  }
};

/// Samples of one series in order of time, each time once. Grows in powers of two as its owner
/// allows.
///
/// Positions count on through all that was ever dropped, so that a window's start can be
/// remembered.
class SampleRing {
 public:
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return buffer_.size(); }
  bool full() const { return size_ == buffer_.size(); }

  /// Precondition: size() > 0.
  const Sample& newest() const { return At(size_ - 1); }
  const Sample& oldest() const { return At(0); }

  /// By age, the oldest first. Precondition: index < size().
  const Sample& operator[](std::size_t index) const { return At(index); }

  /// Puts `sample` in its place, from the newest end: O(1) in order. A second sample of the same
  /// time is left out. Precondition: !full().
  void Insert(Sample sample);

  /// Drops all samples at or before `horizon`.
  void DropUntil(UtcTime horizon);

  /// Precondition: size() > 0.
  void DropOldest();

  /// Precondition: a power of two, at least size().
  void Resize(std::size_t capacity);

  /// The samples with after < time <= until. `hint` is what an earlier call left there (0 at first)
  /// and makes windows that move on cheap.
  Window Between(UtcTime after, UtcTime until, std::uint64_t& hint) const;

  /// The newest sample at or before `until`; null when there is none.
  const Sample* NewestUntil(UtcTime until) const;

 private:
  const Sample& At(std::size_t index) const {
    return buffer_[(first_ + index) & (buffer_.size() - 1)];
  }
  Sample& At(std::size_t index) { return buffer_[(first_ + index) & (buffer_.size() - 1)]; }

  /// How many samples are at or before `time`; searches on from `from`.
  std::size_t CountUntil(UtcTime time, std::size_t from) const;

  std::vector<Sample> buffer_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace fleet_edge::rules
