#include "agent/config/findings.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "agent/text/wording.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {

void SortByPlace(Diagnostics& findings) {
  std::ranges::stable_sort(findings, {}, [](const Diagnostic& finding) {
    return std::tuple(std::string_view(finding.file), finding.position.line,
                      finding.position.column);
  });
}

std::string ListFindings(Diagnostics findings) {
  SortByPlace(findings);
  std::string text;
  for (const Diagnostic& finding : findings) text += ToString(finding) + "\n";
  return text;
}

std::string CountFindings(const Diagnostics& findings) {
  const auto errors =
      std::ranges::count(findings, Diagnostic::Severity::kError, &Diagnostic::severity);
  const auto warnings = std::ssize(findings) - errors;
  std::string text =
      errors == 0 ? "no errors" : Wording(static_cast<std::uint64_t>(errors), "error");
  if (warnings > 0) text += ", " + Wording(static_cast<std::uint64_t>(warnings), "warning");
  return text;
}

}  // namespace fleet_edge::agent
