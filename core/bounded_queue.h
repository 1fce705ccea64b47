#pragma once

#include <algorithm>
#include <cassert>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <limits>
#include <mutex>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge {

/// What Push() does with a queue that is full.
enum class WhenFull {
  kBlock,               ///< waits for room: back-pressure
  kDropOldestAndCount,  ///< makes room; dropped() tells how often
};

/// Carries values from one thread to another, first in first out, at most `capacity` of them.
///
/// Any number of threads push, one pops. The mutex is the whole of the sharing between two threads.
template <typename T>
class BoundedQueue {
 public:
  /// Precondition: capacity > 0.
  BoundedQueue(std::size_t capacity, WhenFull when_full)
      : capacity_(capacity), when_full_(when_full) {
    assert(capacity > 0);
  }

  /// False when the queue is closed: the value is not taken.
  bool Push(T value) { return PushAll(std::span<T>(&value, 1)); }

  /// Moves all of `values` in under one lock. False when the queue is closed: the rest is not
  /// taken.
  bool PushAll(std::span<T> values) {
    std::unique_lock lock(mutex_);
    for (T& value : values) {
      if (!MakeRoom(lock)) return false;
      items_.push_back(std::move(value));
    }
    const bool wake = items_.size() >= wanted_;
    lock.unlock();
    if (wake) not_empty_.notify_one();
    return true;
  }

  /// Appends everything that is there to `out`, waiting until `deadline` of `clock`'s boot time,
  /// Wake(), Close() or a stop for the first value. Returns how many were taken; 0 after the
  /// deadline, a wake or at the end.
  std::size_t PopAll(std::vector<T>& out, BootTime deadline, const Clock& clock,
                     std::stop_token stop) {
    std::unique_lock lock(mutex_);
    Await(lock, 1, deadline - clock.Boot(), std::move(stop));
    woken_ = false;
    const std::size_t taken = items_.size();
    std::move(items_.begin(), items_.end(), std::back_inserter(out));
    items_.clear();
    lock.unlock();
    if (taken > 0) not_full_.notify_all();
    return taken;
  }

  /// Waits until `many` values are there, `deadline` of `clock`'s boot time, Wake(), Close() or a
  /// stop, for one who would rather pop many at once. It is not woken before.
  /// Precondition: many <= capacity(). For the thread that pops.
  void AwaitMany(std::size_t many, BootTime deadline, const Clock& clock, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    Await(lock, many, deadline - clock.Boot(), std::move(stop));
  }

  /// Waits until no more than `size` values are there, for one who would rather wait than have the
  /// oldest dropped. False at a stop, or when the queue is closed.
  bool AwaitSize(std::size_t size, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    const bool reached =
        not_full_.wait(lock, std::move(stop), [&] { return items_.size() <= size || closed_; });
    return reached && !closed_;
  }

  /// Ends the current or the next wait of PopAll() or AwaitMany(); PopAll() alone uses it up.
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    not_empty_.notify_one();
  }

  /// No more values: Push() refuses, PopAll() hands out what is left and then returns 0 at once.
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    not_empty_.notify_all();
    not_full_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

  std::size_t capacity() const { return capacity_; }

  /// How many values kDropOldestAndCount has dropped.
  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

 private:
  static constexpr std::size_t kNobodyWaits = std::numeric_limits<std::size_t>::max();

  void Await(std::unique_lock<std::mutex>& lock, std::size_t many, Duration patience,
             std::stop_token stop) {
    wanted_ = many;
    not_empty_.wait_for(lock, std::move(stop), patience,
                        [&] { return items_.size() >= many || closed_ || woken_; });
    wanted_ = kNobodyWaits;
  }

  /// False when the queue is closed.
  bool MakeRoom(std::unique_lock<std::mutex>& lock) {
    if (closed_) return false;
    if (items_.size() < capacity_) return true;
    if (when_full_ == WhenFull::kDropOldestAndCount) {
      items_.pop_front();
      ++dropped_;
      return true;
    }
    not_empty_.notify_one();
    not_full_.wait(lock, [&] { return items_.size() < capacity_ || closed_; });
    return !closed_;
  }

  const std::size_t capacity_;
  const WhenFull when_full_;

  mutable std::mutex mutex_;
  std::condition_variable_any not_empty_;
  std::condition_variable_any not_full_;
  // Guarded by mutex_.
  std::deque<T> items_;
  std::uint64_t dropped_ = 0;
  std::size_t wanted_ = kNobodyWaits;  // so many end a wait
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace fleet_edge
