#include "agent/doctor/unit.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <grp.h>
#include <signal.h>
#include <sys/poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/doctor/account.h"
#include "agent/doctor/deadline.h"
#include "agent/doctor/device.h"
#include "agent/doctor/finding.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {
namespace {

constexpr Duration kPatience = std::chrono::seconds{2};
constexpr std::size_t kMaxShown = 64UL * 1024;

/// What a program prints; empty when there is none, or it takes too long.
std::string OutputOf(std::vector<const char*> command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const FileDescriptor out(ends[0]);
  FileDescriptor in(ends[1]);
  command.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return {};
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(in.get(), STDOUT_FILENO);
    ::dup2(nothing, STDERR_FILENO);
    ::execvp(command.front(), const_cast<char* const*>(command.data()));
    ::_exit(1);
  }
  in = FileDescriptor();
  const Deadline deadline(kPatience);
  std::string text;
  std::array<char, 4096> bytes{};
  while (text.size() < kMaxShown) {
    pollfd event{.fd = out.get(), .events = POLLIN, .revents = 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.left());
    if (::poll(&event, 1, static_cast<int>(left.count())) <= 0) break;
    const ssize_t size = ::read(out.get(), bytes.data(), bytes.size());
    if (size <= 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
  ::kill(child, SIGKILL);  // it has ended, or takes too long
  ::waitpid(child, nullptr, 0);
  return text;
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream words(text);
  std::vector<std::string> list;
  for (std::string word; words >> word;) list.push_back(word);
  return list;
}

/// Whether the kernel's driver of these devices has a name that `pattern` matches, by
/// /proc/devices: `188 ttyUSB`.
bool IsOfDriver(const std::string& pattern, unsigned device_major) {
  const Result<std::string> devices = ReadFile("/proc/devices");
  std::istringstream lines(devices ? *devices : std::string());
  for (std::string line; std::getline(lines, line) && !line.starts_with("Block");) {
    const std::vector<std::string> words = WordsOf(line);
    if (words.size() == 2 && words[0] == std::to_string(device_major) &&
        ::fnmatch(pattern.c_str(), words[1].c_str(), 0) == 0) {
      return true;
    }
  }
  return false;
}

bool IsAllowed(const UnitFacts& unit, const std::string& path) {
  struct stat device{};
  if (::stat(path.c_str(), &device) != 0) return true;  // nobody knows
  return std::ranges::any_of(unit.allowed, [&](const std::string& one) {
    constexpr std::string_view kByDriver = "char-";
    if (one.starts_with(kByDriver)) {
      return IsOfDriver(one.substr(kByDriver.size()), major(device.st_rdev));
    }
    struct stat allowed{};
    return ::stat(one.c_str(), &allowed) == 0 && allowed.st_rdev == device.st_rdev;
  });
}

}  // namespace

UnitFacts ProbeUnit() {
  constexpr const char* kAsked =
      "LoadState,PrivateDevices,DevicePolicy,DeviceAllow,RestrictAddressFamilies,"
      "SupplementaryGroups";
  return UnitOf(OutputOf({"systemctl", "show", "fleet-edge.service", "--property", kAsked}));
}

UnitFacts UnitOf(std::string_view shown) {
  UnitFacts unit;
  bool by_default = true;  // DevicePolicy=auto closes once a device is allowed
  std::istringstream lines{std::string(shown)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t end = line.find('=');
    if (end == std::string::npos) continue;
    const std::string key = line.substr(0, end);
    const std::string value = line.substr(end + 1);
    const std::vector<std::string> words = WordsOf(value);
    if (key == "LoadState") unit.known = value == "loaded";
    if (key == "PrivateDevices") unit.hides_devices = value == "yes";
    if (key == "DevicePolicy") by_default = value == "auto";
    if (key == "DevicePolicy") unit.closes_devices = value != "auto";
    if (key == "SupplementaryGroups") unit.groups = words;
    if (key == "RestrictAddressFamilies" && !words.empty()) {
      const bool lists_forbidden = value.starts_with('~');
      unit.has_can = (value.find("AF_CAN") != std::string::npos) != lists_forbidden;
    }
    if (key == "DeviceAllow" && words.size() == 2 && words[1].find("rw") != std::string::npos) {
      unit.allowed.push_back(words[0]);
    }
  }
  if (by_default) unit.closes_devices = !unit.allowed.empty();
  return unit;
}

Account InGroupsOf(const UnitFacts& unit, Account account) {
  for (const std::string& name : unit.groups) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the doctor asks on one thread
    const group* const entry = ::getgrnam(name.c_str());
    if (entry != nullptr) account.groups.push_back(entry->gr_gid);
  }
  return account;
}

std::optional<Finding> JudgeUnit(const UnitFacts& unit, const DeviceFacts& device) {
  if (!unit.known || device.kind == DeviceFacts::Kind::kMissing) return std::nullopt;
  Finding finding{.check = "device",
                  .subject = device.driver + " " + device.path,
                  .verdict = Verdict::kError,
                  .id = "unit_denies"};
  if (device.wants_can) {
    if (unit.has_can) return std::nullopt;
    finding.what = "the service's unit lets it open no CAN interface";
    finding.mend =
        "`systemctl edit fleet-edge`: under [Service] RestrictAddressFamilies=AF_CAN; then "
        "`systemctl restart fleet-edge`";
    return finding;
  }
  if (!unit.hides_devices && (!unit.closes_devices || IsAllowed(unit, device.path))) {
    return std::nullopt;
  }
  finding.what = "the service's unit doesn't let it have this device (" +
                 std::string(unit.hides_devices ? "PrivateDevices=yes" : "DeviceAllow=") + ")";
  finding.mend = "`systemctl edit fleet-edge`: under [Service] PrivateDevices=no and DeviceAllow=" +
                 device.path + " rw; then `systemctl restart fleet-edge`";
  return finding;
}

}  // namespace fleet_edge::agent::doctor
