#pragma once

namespace fleet_edge::rules {

/// Several lambdas as one visitor of a variant.
template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

}  // namespace fleet_edge::rules
