#pragma once

#include <string>

namespace fleet_edge::simulators {

/// True when `delivered` is no further from `sent` than the signal's declared resolution makes it.
bool SameValue(const std::string& signal, double sent, double delivered);

}  // namespace fleet_edge::simulators
