#pragma once

#include <cstddef>
#include <iterator>
#include <map>
#include <vector>

#include "uplink/store.h"

namespace fleet_edge::uplink {

/// Rows, kept as runs: a queue that is drained in order is one, however long it is. One thread.
class RowSet {
 public:
  void Insert(RowId row) {
    const auto next = runs_.upper_bound(row);
    const auto before = next == runs_.begin() ? runs_.end() : std::prev(next);
    if (before != runs_.end() && before->second >= row) return;
    const bool joins_next = next != runs_.end() && next->first == row + 1;
    const RowId last = joins_next ? next->second : row;
    if (joins_next) runs_.erase(next);
    if (before != runs_.end() && before->second + 1 == row) {
      before->second = last;
    } else {
      runs_.emplace(row, last);
    }
  }

  bool Contains(RowId row) const {
    const auto next = runs_.upper_bound(row);
    return next != runs_.begin() && std::prev(next)->second >= row;
  }

  bool empty() const { return runs_.empty(); }
  void clear() { runs_.clear(); }

  /// How many runs there are.
  std::size_t size() const { return runs_.size(); }

  /// In order.
  std::vector<RowRun> Runs() const {
    std::vector<RowRun> all;
    all.reserve(runs_.size());
    for (const auto& [first, last] : runs_) all.push_back({first, last});
    return all;
  }

 private:
  std::map<RowId, RowId> runs_;  // first → last; none touches another
};

}  // namespace fleet_edge::uplink
