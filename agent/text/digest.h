#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::agent {

/// SHA-256 in hexadecimal.
std::string Sha256(std::string_view text);

}  // namespace fleet_edge::agent
