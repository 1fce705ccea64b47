#pragma once

#include <string>

namespace fleet_edge::agent {

/// The reference of all keys of the configuration, in Markdown, from the declarations that parse
/// it.
std::string ConfigurationReference();

}  // namespace fleet_edge::agent
