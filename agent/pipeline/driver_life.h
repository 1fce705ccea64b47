#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/driver.h"
#include "drivers/table.h"

namespace fleet_edge::agent {

/// Drivers that failed by a mistake of theirs and were made anew; label driver.
inline constexpr std::string_view kDriverFailuresTotal = "fleet_edge_driver_failures_total";

/// Runs a driver to its end, and makes it anew when it throws: a mistake in one must not take the
/// others with it. The waits between grow from a second to a minute, with jitter. The new one knows
/// nothing of what the old one said: its series become stale by the rules' own lookback alone.
///
/// Owned by App. Borrows the spec and what is in `environment`, which outlive it.
class DriverLife {
 public:
  DriverLife(const drivers::DriverSpec& spec, const drivers::Environment& environment)
      : spec_(spec), environment_(environment) {}

  const std::string& name() const { return spec_.name(); }

  /// As DriverSpec::devices().
  std::vector<std::string> devices() const { return spec_.devices(); }

  /// Called once, on the driver's thread. Returns at the stop, or when its source has ended.
  void Run(const std::stop_token& stop) const;

 private:
  const drivers::DriverSpec& spec_;
  const drivers::Environment environment_;
};

}  // namespace fleet_edge::agent
