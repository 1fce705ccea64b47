#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/label_pool.h"

namespace fleet_edge::rules {

/// Which labels a grouping or a matching looks at.
struct LabelChoice {
  enum class Kind {
    kOnly,    ///< `by`, `on`: these
    kExcept,  ///< `without`, `ignoring`: all but these and the metric's name
  };
  Kind kind = Kind::kExcept;
  std::vector<std::string> names;
  bool keeps_name = false;  ///< kExcept leaves the metric's name too
};

/// Reduces label sets to chosen labels, each set once.
///
/// Owned by a node, on the engine's thread; the pool outlives it.
class Projection {
 public:
  Projection(LabelPool& pool, LabelChoice choice) : pool_(pool), choice_(std::move(choice)) {}

  const LabelSet* operator()(const LabelSet* from);

  const LabelChoice& choice() const { return choice_; }

 private:
  LabelPool& pool_;
  LabelChoice choice_;
  std::unordered_map<const LabelSet*, const LabelSet*> known_;
};

}  // namespace fleet_edge::rules
