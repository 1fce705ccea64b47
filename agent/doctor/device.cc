#include "agent/doctor/device.h"

#include <net/if.h>  // NOLINT(misc-include-cleaner): POSIX has IFF_UP here
#include <net/if_arp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/doctor/account.h"
#include "agent/doctor/finding.h"
#include "core/result.h"

namespace fleet_edge::agent::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInterfaces = "/sys/class/net/";
// Documentation/admin-guide/devices.txt of the kernel: ttyS, ttyACM, ttyAMA, ttyUSB, pty slaves.
constexpr unsigned kFirstUnix98 = 136;
constexpr unsigned kLastUnix98 = 143;

std::string FirstLine(const fs::path& file) {
  const Result<std::string> text = ReadFile(file.string());
  return text ? text->substr(0, text->find('\n')) : std::string();
}

/// A character device with a driver of terminals behind it.
bool IsTerminal(const struct stat& status) {
  if (!S_ISCHR(status.st_mode)) return false;
  const unsigned major = status.st_rdev >> 8U & 0xfffU;
  if (major >= kFirstUnix98 && major <= kLastUnix98) return true;
  const std::string device =
      "/sys/dev/char/" + std::to_string(major) + ":" +
      std::to_string((status.st_rdev & 0xffU) | (status.st_rdev >> 12U & 0xfff00U));
  std::error_code unknown;
  return fs::canonical(device + "/subsystem", unknown).filename() == "tty";
}

void ProbeInterface(DeviceFacts& facts) {
  std::error_code unknown;
  if (!fs::exists(facts.path, unknown)) return;
  facts.kind = DeviceFacts::Kind::kInterface;
  facts.is_can = FirstLine(facts.path + "/type") == std::to_string(ARPHRD_CAN);
  const unsigned long flags = std::strtoul(FirstLine(facts.path + "/flags").c_str(), nullptr, 16);
  facts.is_up = (flags & IFF_UP) != 0;
}

/// Other processes with `path` open; those that we may look into.
std::vector<std::string> Openers(const std::string& path) {
  std::vector<std::string> openers;
  std::error_code ignored;
  struct stat device{};
  if (::stat(path.c_str(), &device) != 0) return openers;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const std::string pid = process.path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (pid == std::to_string(::getpid())) continue;
    for (const auto& file : fs::directory_iterator(process.path() / "fd", ignored)) {
      struct stat opened{};
      // By name it could be another container's pseudo-terminal.
      if (::stat(file.path().c_str(), &opened) != 0 || opened.st_dev != device.st_dev ||
          opened.st_ino != device.st_ino) {
        continue;
      }
      openers.push_back(FirstLine(process.path() / "comm") + " (pid " + pid + ")");
      break;
    }
  }
  return openers;
}

Finding Wrong(const DeviceFacts& facts, const char* id, std::string what, std::string mend) {
  return {.check = "device",
          .subject = facts.driver + " " + facts.path,
          .verdict = Verdict::kError,
          .id = id,
          .what = std::move(what),
          .mend = std::move(mend)};
}

Finding JudgeInterface(const DeviceFacts& facts) {
  const std::string name = facts.path.substr(kInterfaces.size());
  if (facts.kind == DeviceFacts::Kind::kMissing) {
    return Wrong(facts, "device_missing", "there is no network interface " + name,
                 "Plug the adapter in and load its driver; `ip -br link` lists what is there");
  }
  if (!facts.is_can) {
    return Wrong(facts, "device_wrong", name + " is a network interface, but no CAN bus",
                 "Name a CAN interface: `ip -br link show type can` lists them");
  }
  if (!facts.is_up) {
    return Wrong(facts, "device_down", name + " is down",
                 "`ip link set " + name +
                     " up type can bitrate 250000` (J1939; 500000 on most cars), at each start by "
                     "systemd-networkd");
  }
  return Well("device", facts.driver + " " + facts.path, "a CAN interface, up");
}

Finding NotPermitted(const DeviceFacts& facts) {
  // Nobody is made a member of root's own group: the device gets another.
  const bool of_root = facts.group == "root" || facts.group.empty();
  const std::string group = of_root ? "dialout" : facts.group;
  return Wrong(
      facts, "not_permitted", facts.account + " may not open it: " + std::strerror(facts.access),
      (of_root ? "It belongs to root alone: a udev rule with GROUP=\"dialout\" changes that; "
               : "It belongs to the group " + group + ": ") +
          "`usermod -aG " + group + " " + facts.account +
          "`, then restart the service, which must see it, too: DeviceAllow= in "
          "`systemctl edit fleet-edge`");
}

}  // namespace

DeviceFacts ProbeDevice(const std::string& path, const std::string& driver,
                        const Account& account) {
  DeviceFacts facts{.path = path, .driver = driver};
  facts.account = account.name;
  if (path.starts_with(kInterfaces)) {
    facts.wants_can = true;
    ProbeInterface(facts);
    return facts;
  }
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == EACCES) {
      facts.kind = DeviceFacts::Kind::kOther;
      facts.access = errno;
    }
    return facts;
  }
  facts.kind = IsTerminal(status) ? DeviceFacts::Kind::kSerial : DeviceFacts::Kind::kOther;
  facts.access = AccessAs(account, path, R_OK | W_OK);
  facts.group = GroupOf(path);
  facts.openers = Openers(path);
  return facts;
}

Finding JudgeDevice(const DeviceFacts& facts) {
  if (facts.wants_can) return JudgeInterface(facts);
  if (facts.kind == DeviceFacts::Kind::kMissing) {
    return Wrong(facts, "device_missing", "there is no such device",
                 "Plug it in, or look for its name: `ls -l /dev/serial/by-id`, whose names stay");
  }
  if (facts.access != 0) return NotPermitted(facts);
  if (facts.kind != DeviceFacts::Kind::kSerial) {
    return Wrong(facts, "device_wrong", "it is no serial port",
                 "Name the port: `ls -l /dev/serial/by-id`");
  }
  if (!facts.openers.empty()) {
    std::string names;
    for (const std::string& one : facts.openers) names += (names.empty() ? "" : ", ") + one;
    return Wrong(facts, "device_busy", names + " has it open: each takes the other's bytes",
                 "Stop that program, or read through it (gpsd: the driver `gpsd`); ModemManager "
                 "leaves a port alone by the udev property ID_MM_DEVICE_IGNORE=1");
  }
  return Well("device", facts.driver + " " + facts.path,
              "a serial port, permitted to " + facts.account);
}

Finding JudgeShared(const DeviceFacts& facts, const std::string& reader) {
  return Wrong(facts, "device_busy",
               "the driver " + reader + " reads this port, too: each takes the other's bytes",
               "Name another port for one of them (`ls -l /dev/serial/by-id`), or leave it out");
}

}  // namespace fleet_edge::agent::doctor
