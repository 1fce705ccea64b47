#pragma once

#include <cstdint>

#include "rules/evaluation.h"

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

 protected:
  /// Appends the result to `result`, which is empty.
  virtual void Compute(Evaluation& evaluation, Vector& result) = 0;

 private:
  Vector result_;
  std::uint64_t epoch_ = 0;
};

}  // namespace fleet_edge::rules
