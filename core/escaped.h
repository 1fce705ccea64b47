#pragma once

#include <string>
#include <string_view>

namespace fleet_edge {

/// Appends `text` as Prometheus's text formats write it between quotes: a backslash before `\` and
/// `"`, newlines as `\n`.
void AppendEscaped(std::string& out, std::string_view text);

}  // namespace fleet_edge
