#pragma once

#include <cstdint>

#include "core/section.h"
#include "core/yaml.h"

namespace fleet_edge::rules {

/// What a YAML file can be given as.
enum class FileKind : std::uint8_t { kRules, kTests };

/// True when the document's keys say that it is another of our files than `wanted`, which is then
/// reported with the command that takes it.
bool IsOfOtherKind(const YamlNode& document, FileKind wanted, const Section::Context& context);

}  // namespace fleet_edge::rules
