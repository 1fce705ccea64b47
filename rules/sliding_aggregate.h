#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/time.h"
#include "rules/function.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {

/// The aggregate of one series' window as it slides on, at O(1) amortised for each new sample,
/// whatever the window's length.
///
/// Time is cut into blocks as long as the window, at multiples of its length. A window is the end
/// of one block and the beginning of the next: of the first there is a stack of partial aggregates,
/// from each of its samples to its end, of the second one that grows (van Herk 1992; Gil and Werman
/// 1993). Nothing is ever subtracted, so nothing is lost to cancellation, and the result depends on
/// the window alone, not on those before it (I9). A window that is a whole block is aggregated in
/// the order of its samples.
///
/// `Partial` is made from one value, and has Append(double) and Merge(const Partial& later).
///
/// Owned by a node, on the engine's thread.
template <typename Partial>
class SlidingAggregate {
 public:
  /// Of `window`, which is not empty. `revision` changes when samples before the end of an earlier
  /// window came or went.
  Partial Of(const SeriesWindow& window, std::uint64_t revision) {
    const UtcTime block = BlockOf(window);
    if (block != block_ || revision != revision_ || window.until < fed_until_ || !begun_) {
      Rebuild(window, block, revision);
    } else {
      Feed(window.samples);
      while (!older_.empty() && older_.back().first <= window.after) older_.pop_back();
    }
    fed_until_ = window.until;
    if (!newer_) return older_.back().second;
    if (older_.empty()) return *newer_;
    Partial all = older_.back().second;
    all.Merge(*newer_);
    return all;
  }

 private:
  /// Where the block begins that the window ends in: blocks are left-open, as windows are.
  static UtcTime BlockOf(const SeriesWindow& window) {
    const Duration range = window.until - window.after;
    Duration beyond = window.until.time_since_epoch() % range;
    if (beyond <= Duration{0}) beyond += range;
    return window.until - beyond;
  }

  void Rebuild(const SeriesWindow& window, UtcTime block, std::uint64_t revision) {
    begun_ = true;
    block_ = block;
    revision_ = revision;
    older_.clear();
    newer_.reset();
    fed_until_ = block;
    std::size_t older = window.samples.size();
    while (older > 0 && window.samples[older - 1].time > block) --older;
    for (std::size_t i = older; i > 0; --i) {
      const Sample& sample = window.samples[i - 1];
      Partial from_here(sample.value);
      if (!older_.empty()) from_here.Merge(older_.back().second);
      older_.emplace_back(sample.time, std::move(from_here));
    }
    Feed(window.samples);
  }

  /// Takes what is newer than what was taken before.
  void Feed(const Window& samples) {
    std::size_t from = samples.size();
    while (from > 0 && samples[from - 1].time > fed_until_) --from;
    for (; from < samples.size(); ++from) {
      if (newer_) {
        newer_->Append(samples[from].value);
      } else {
        newer_.emplace(samples[from].value);
      }
    }
  }

  std::vector<std::pair<UtcTime, Partial>> older_;  // the oldest sample's at the back
  std::optional<Partial> newer_;
  UtcTime block_{};
  UtcTime fed_until_{};
  std::uint64_t revision_ = 0;
  bool begun_ = false;
};

}  // namespace fleet_edge::rules
