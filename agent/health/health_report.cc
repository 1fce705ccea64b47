#include "agent/health/health_report.h"

#include <optional>
#include <utility>

#include "agent/health/health.h"
#include "core/time.h"
#include "core/utf8.h"
#include "fleet/v1/status.pb.h"

namespace fleet_edge::agent {
namespace {

fleet::v1::Health::Severity Wire(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return fleet::v1::Health::SEVERITY_INFO;
    case Severity::kWarning:
      return fleet::v1::Health::SEVERITY_WARNING;
    case Severity::kCritical:
      return fleet::v1::Health::SEVERITY_CRITICAL;
  }
  return fleet::v1::Health::SEVERITY_UNSPECIFIED;
}

}  // namespace

std::optional<fleet::v1::StatusEvent> HealthReport::Due(const Health& health, BootTime now) {
  Told current;
  for (const Problem& problem : health) {
    if (problem.early) continue;
    current.emplace(problem.id, problem.subject, problem.severity);
  }
  if (told_ && (current == *told_ || now - told_at_ < kSpacing)) return std::nullopt;
  told_ = std::move(current);
  told_at_ = now;
  fleet::v1::StatusEvent event;
  fleet::v1::Health& message = *event.mutable_health();
  for (const Problem& problem : health) {
    if (problem.early) continue;
    fleet::v1::Health::Problem& one = *message.add_problems();
    one.set_id(problem.id);
    one.set_severity(Wire(problem.severity));
    one.set_since_us(problem.since.time_since_epoch().count());
    one.set_what(ValidUtf8(problem.what));
    one.set_mend(ValidUtf8(problem.mend));
    one.set_subject(ValidUtf8(problem.subject));
  }
  return event;
}

}  // namespace fleet_edge::agent
