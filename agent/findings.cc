#include "agent/findings.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>

#include "core/diagnostic.h"

namespace fleet_edge::agent {
namespace {

std::string Counted(std::ptrdiff_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

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
  std::string text = errors == 0 ? "no errors" : Counted(errors, "error");
  if (warnings > 0) text += ", " + Counted(warnings, "warning");
  return text;
}

}  // namespace fleet_edge::agent
