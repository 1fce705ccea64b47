#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {

/// One member of an instant vector; a scalar is one member without labels.
struct Element {
  const LabelSet* labels;
  double value;
};

using Vector = std::vector<Element>;

/// What an evaluation goes by. Owned by the engine, lent to nodes and rules for one rule.
struct Evaluation {
  UtcTime at;
  std::uint64_t epoch;  ///< results of the same epoch hold; it changes with the instant and with
                        ///< what is recorded
  LabelPool& pool;
  std::optional<std::string>
      failure;  ///< why there is no result: the labels don't match as the expression says

  void Fail(std::string why) {
    if (!failure) failure = std::move(why);
  }
};

}  // namespace fleet_edge::rules
