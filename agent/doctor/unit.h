#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/doctor/account.h"
#include "agent/doctor/device.h"
#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// What the service's unit lets it have, as systemd has read it with all its drop-ins. A value.
struct UnitFacts {
  bool known = false;           ///< systemd is here and has loaded the unit
  bool hides_devices = false;   ///< PrivateDevices=
  bool closes_devices = false;  ///< those that are not allowed one by one
  std::vector<std::string>
      allowed{};                      ///< for reading and writing: a path, or `char-` and a pattern
  bool has_can = true;                ///< RestrictAddressFamilies= lets it open CAN interfaces
  std::vector<std::string> groups{};  ///< SupplementaryGroups=
};

/// Asks `systemctl`, for two seconds at most.
UnitFacts ProbeUnit();

/// What `systemctl show` prints of it.
UnitFacts UnitOf(std::string_view shown);

/// `account` in the unit's groups, too.
Account InGroupsOf(const UnitFacts& unit, Account account);

/// Nothing when the unit lets the service have the device, or nobody knows.
std::optional<Finding> JudgeUnit(const UnitFacts& unit, const DeviceFacts& device);

}  // namespace fleet_edge::agent::doctor
