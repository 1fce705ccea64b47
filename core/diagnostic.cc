#include "core/diagnostic.h"

#include <algorithm>
#include <string>

namespace fleet_edge {

std::string ToString(const Diagnostic& diagnostic) {
  std::string text = diagnostic.file;
  if (diagnostic.position.line > 0) {
    text += ":" + std::to_string(diagnostic.position.line);
    text += ":" + std::to_string(diagnostic.position.column);
  }
  text += diagnostic.severity == Diagnostic::Severity::kError ? ": error: " : ": warning: ";
  text += diagnostic.what;
  if (!diagnostic.mend.empty()) text += ". " + diagnostic.mend;
  return text;
}

bool HasErrors(const Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::kError;
  });
}

}  // namespace fleet_edge
