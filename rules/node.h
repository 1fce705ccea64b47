#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/evaluation.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {

/// One operation of the program. Equal operations of all rules are one node, evaluated once an
/// instant.
///
/// Owned by the Program, on the engine's thread.
class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  /// The result, valid until the next evaluation. Empty when `evaluation.failure` is set.
  const Vector& Evaluate(Evaluation& evaluation);

  /// What it remembers beyond its windows, for a restart or a reload; empty when that is nothing.
  virtual std::string Remember() const { return {}; }

  /// Takes up what an equal node remembered; false when the bytes can't be read. Label sets are
  /// made in `pool`.
  virtual bool Recall(std::string_view /*bytes*/, LabelPool& /*pool*/) { return false; }

 protected:
  /// Appends the result to `result`, which is empty.
  virtual void Compute(Evaluation& evaluation, Vector& result) = 0;

 private:
  Vector result_;
  std::uint64_t epoch_ = 0;
};

}  // namespace fleet_edge::rules
