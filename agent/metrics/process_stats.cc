#include "agent/metrics/process_stats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

/// Fields of /proc/self/stat after the program's name, from 3 on: proc(5).
constexpr int kFirst = 3;
constexpr int kUserTime = 14;
constexpr int kSystemTime = 15;
constexpr int kThreads = 20;
constexpr int kVirtualSize = 23;
constexpr int kResident = 24;

double OpenFiles() {
  std::error_code failure;
  std::filesystem::directory_iterator file("/proc/self/fd", failure);
  double count = -1;  // the iterator's own
  while (!failure && file != std::filesystem::directory_iterator()) {
    ++count;
    file.increment(failure);
  }
  return failure ? 0 : count;
}

double MaxFiles() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur == RLIM_INFINITY) return std::numeric_limits<double>::infinity();
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::optional<ProcessStats> ProcessStats::Read() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  std::istringstream fields(line.substr(line.rfind(')') + 1));  // the name may have blanks
  std::string state;
  fields >> state;
  std::int64_t ticks = 0;
  ProcessStats stats{.open_files = OpenFiles(), .max_files = MaxFiles()};
  std::int64_t value = 0;
  for (int field = kFirst + 1; fields >> value; ++field) {
    const auto size = static_cast<std::uint64_t>(value);
    if (field == kUserTime || field == kSystemTime) ticks += value;
    if (field == kThreads) stats.threads = static_cast<double>(value);
    if (field == kVirtualSize) stats.virtual_size = {size};
    if (field != kResident) continue;
    stats.resident = {size * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
    break;  // what follows may be larger than a signed number
  }
  stats.cpu = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
      static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK))));
  return stats;
}

}  // namespace fleet_edge::agent
