#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "agent/health/health.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"

namespace fleet_edge::agent {

/// Tells the hub what is wrong, when that has become something else: an event for the status topic
/// with all problems of the moment, but for what is only noted so far (Problem::early).
///
/// Owned by App, used on the main thread.
class HealthReport {
 public:
  /// Between two events: an event is some hundred bytes, and who reads them is not in such a hurry.
  static constexpr Duration kSpacing = std::chrono::seconds{10};

  /// The event that is due. Nothing when the problems, by id, subject and severity, are those of
  /// the last event, or that was less than kSpacing ago. The first look is always due: what the
  /// hub was told before this start is over.
  std::optional<fleet::v1::StatusEvent> Due(const Health& health, BootTime now);

 private:
  using Told = std::set<std::tuple<std::string, std::string, Severity>>;

  std::optional<Told> told_;
  BootTime told_at_;
};

}  // namespace fleet_edge::agent
