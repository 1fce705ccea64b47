#pragma once

#include <string>

#include "core/diagnostic.h"

namespace fleet_edge::agent {

/// Sorts by file and place, so that people work through a file from its top.
void SortByPlace(Diagnostics& findings);

/// A line a finding, sorted.
std::string ListFindings(Diagnostics findings);

/// `2 errors, 1 warning`; `no errors` when there are none of either.
std::string CountFindings(const Diagnostics& findings);

}  // namespace fleet_edge::agent
