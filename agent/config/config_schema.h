#pragma once

#include <string>

namespace fleet_edge::agent {

/// The JSON Schema (2020-12) of a configuration file or a fragment, from the declarations that
/// parse it, for editors. It knows forms, words and bounds; what holds between keys is known to
/// `check`.
std::string ConfigurationSchema();

}  // namespace fleet_edge::agent
