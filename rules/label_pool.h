#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>

#include "core/labels.h"

namespace fleet_edge::rules {

/// The label under which a metric's name is kept, as in Prometheus.
inline constexpr std::string_view kNameLabel = "__name__";

/// A label set that exists once: two are equal when their addresses are. Made by a LabelPool, lives
/// as long as it.
struct LabelSet {
  Labels labels;             ///< with the name as `__name__`
  const LabelSet* nameless;  ///< the same without `__name__`; itself when it has none
  std::uint32_t id;          ///< dense, from 0

  /// Scratch of whoever holds the pool's newest token: marks the sets that it has met, without a
  /// table.
  mutable std::uint64_t token = 0;
  mutable std::size_t slot = 0;
};

/// Gives each label set one address, so that matching and grouping compare pointers.
///
/// Owned by the engine's program, used on its thread. Its size is bounded by the registry's series
/// times the groupings that rules write.
class LabelPool {
 public:
  LabelPool();
  LabelPool(const LabelPool&) = delete;
  LabelPool& operator=(const LabelPool&) = delete;
  ~LabelPool() = default;

  const LabelSet* Intern(const Labels& labels);

  const LabelSet* empty() const { return empty_; }
  std::size_t size() const { return sets_.size(); }

  /// A token that no mark in any set bears.
  std::uint64_t NewToken() { return ++token_; }

 private:
  std::deque<LabelSet> sets_;
  std::unordered_map<Labels, const LabelSet*, LabelsHash> index_;
  std::uint64_t token_ = 0;
  const LabelSet* empty_;
};

}  // namespace fleet_edge::rules
