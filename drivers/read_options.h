#pragma once

#include <cstddef>
#include <optional>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"

namespace fleet_edge::drivers {

/// Reads a driver's options; nothing when that has added errors to `context`.
template <Described Options>
std::optional<Options> ReadOptions(const YamlNode& node, const Section::Context& context) {
  const std::size_t before = context.diagnostics.size();
  Options options;
  Section::Read(node, context, options);
  const Diagnostics found(context.diagnostics.begin() + static_cast<std::ptrdiff_t>(before),
                          context.diagnostics.end());
  if (HasErrors(found)) return std::nullopt;
  return options;
}

}  // namespace fleet_edge::drivers
