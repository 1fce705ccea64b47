#include "agent/doctor/unit.h"

#include <doctest/doctest.h>

#include <string>

#include "agent/doctor/account.h"
#include "agent/doctor/device.h"

namespace fleet_edge::agent::doctor {
namespace {

const std::string kShipped =
    "LoadState=loaded\nPrivateDevices=yes\nDevicePolicy=closed\n"
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\nSupplementaryGroups=\n";

DeviceFacts Port() {
  return {.path = "/dev/null", .driver = "gnss", .kind = DeviceFacts::Kind::kSerial};
}

TEST_CASE("Unit: as it is shipped it hides devices, and the mend names the drop-in's lines") {
  const auto finding = JudgeUnit(UnitOf(kShipped), Port());
  REQUIRE(finding);
  CHECK(finding->id == "unit_denies");
  CHECK(finding->what.find("PrivateDevices=yes") != std::string::npos);
  CHECK(finding->mend.find("DeviceAllow=/dev/null rw") != std::string::npos);
}

TEST_CASE("Unit: a device is allowed by its own path, by another's name, or by its driver") {
  const std::string open = "LoadState=loaded\nPrivateDevices=no\nDevicePolicy=closed\n";
  CHECK(JudgeUnit(UnitOf(open), Port()));
  CHECK(JudgeUnit(UnitOf(open + "DeviceAllow=/dev/zero rw\n"), Port()));
  CHECK(JudgeUnit(UnitOf(open + "DeviceAllow=/dev/null r\n"), Port()));
  CHECK(!JudgeUnit(UnitOf(open + "DeviceAllow=/dev/zero rw\nDeviceAllow=/dev/null rw\n"), Port()));
  CHECK(!JudgeUnit(UnitOf(open + "DeviceAllow=char-me* rwm\n"), Port()));  // /proc/devices: 1 mem
  CHECK(JudgeUnit(UnitOf(open + "DeviceAllow=char-ttyUSB rw\n"), Port()));
}

TEST_CASE("Unit: a policy of auto closes once a device is allowed") {
  const std::string unit = "LoadState=loaded\nDevicePolicy=auto\n";
  CHECK(!JudgeUnit(UnitOf(unit), Port()));
  CHECK(JudgeUnit(UnitOf(unit + "DeviceAllow=/dev/zero rw\n"), Port()));
}

TEST_CASE("Unit: a CAN interface wants its address family") {
  DeviceFacts can{.path = "/sys/class/net/can0", .driver = "bus"};
  can.kind = DeviceFacts::Kind::kInterface;
  can.wants_can = true;
  REQUIRE(JudgeUnit(UnitOf(kShipped), can));
  CHECK(JudgeUnit(UnitOf(kShipped), can)->mend.find("AF_CAN") != std::string::npos);
  CHECK(!JudgeUnit(UnitOf("LoadState=loaded\nRestrictAddressFamilies=AF_UNIX AF_CAN\n"), can));
  CHECK(JudgeUnit(UnitOf("LoadState=loaded\nRestrictAddressFamilies=~AF_CAN\n"), can));
}

TEST_CASE(
    "Unit: nothing is said without systemd, without the unit, or of a device that is missing") {
  CHECK(!JudgeUnit(UnitOf(""), Port()));
  CHECK(!JudgeUnit(UnitOf("LoadState=not-found\nDevicePolicy=closed\n"), Port()));
  DeviceFacts missing = Port();
  missing.kind = DeviceFacts::Kind::kMissing;
  CHECK(!JudgeUnit(UnitOf(kShipped), missing));
}

TEST_CASE("Unit: its supplementary groups are the service's, and unknown ones nobody's") {
  const UnitFacts unit = UnitOf("LoadState=loaded\nSupplementaryGroups=root no-such-group\n");
  const Account account = InGroupsOf(unit, {.name = "fleet-edge", .groups = {}});
  REQUIRE(account.groups.size() == 1);
  CHECK(account.groups.front() == 0);
}

}  // namespace
}  // namespace fleet_edge::agent::doctor
