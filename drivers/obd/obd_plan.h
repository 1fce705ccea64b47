#pragma once

#include <cstddef>
#include <vector>

#include "core/time.h"

namespace fleet_edge::drivers {

/// Which parameter to ask for next. Each has its turn `every` after its last; of several whose turn
/// it is, the one that is late by the most of its period goes first.
///
/// On an adapter that is too slow for all, each so comes late by the same share of its period: what
/// is asked for often still comes most often, and nothing waits for ever. What was missed is not
/// made up for.
///
/// One thread. Pure: time is an argument.
class ObdPlan {
 public:
  void Clear() { items_.clear(); }

  /// Due at `now` for the first time. Items are numbered from 0. Precondition: every > 0.
  void Add(Duration every, BootTime now) { items_.push_back({.every = every, .due = now}); }

  bool empty() const { return items_.empty(); }

  /// The items whose turn it is, at most `most`, the latest first. None until next().
  std::vector<std::size_t> Due(BootTime now, std::size_t most) const;

  /// When the next turn is. Precondition: !empty().
  BootTime next() const;

  /// `item` has had its turn, which ended at `now`.
  void Done(std::size_t item, BootTime now);

 private:
  struct Item {
    Duration every;
    BootTime due;

    /// In periods; negative before its turn.
    double Lateness(BootTime now) const {
      return static_cast<double>((now - due).count()) / static_cast<double>(every.count());
    }
  };

  std::vector<Item> items_;
};

}  // namespace fleet_edge::drivers
