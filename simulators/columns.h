#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

namespace fleet_edge::simulators {

/// Columns of numbers of a CSV by the names in its header, in the order of `names`; lines that
/// begin with `#` are comments.
/// Throws std::invalid_argument when a column is missing or a cell holds no number.
std::vector<std::vector<double>> ReadColumns(std::string_view csv,
                                             std::initializer_list<std::string_view> names);

}  // namespace fleet_edge::simulators
