#pragma once

#include <cstddef>
#include <string>

namespace fleet_edge::rules {

/// What is wrong with an expression or a template, where in its text, and the mend.
struct ExpressionError {
  std::size_t offset = 0;
  std::string what;
  std::string mend;
};

}  // namespace fleet_edge::rules
