#include "agent/health/health.h"

#include <string_view>

namespace fleet_edge::agent {

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kCritical:
      return "critical";
  }
  return "critical";
}

std::string_view StatusName(const Health& health) {
  return health.empty() ? "ok" : SeverityName(health.front().severity);
}

}  // namespace fleet_edge::agent
