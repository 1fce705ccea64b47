#include "uplink/sqlite_aside.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "core/bytes.h"

namespace fleet_edge::uplink {
namespace {

namespace fs = std::filesystem;

// Of the quota, what they may take.
constexpr std::uint64_t kShare = 2;

std::string AsideName(const std::string& path, std::uint64_t number) {
  return path + ".corrupt-" + std::to_string(number);
}

/// The numbers of those that are there, least first; a journal alone is none.
std::vector<std::uint64_t> Numbers(const std::string& path) {
  std::vector<std::uint64_t> numbers;
  const std::string prefix = path + ".corrupt-";
  std::error_code error;
  for (fs::directory_iterator entry(fs::path(path).parent_path(), error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().string();
    if (!name.starts_with(prefix)) continue;
    const char* const end = name.data() + name.size();
    std::uint64_t number = 0;
    const auto read = std::from_chars(name.data() + prefix.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end) numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

Bytes SizeOf(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  return {error ? 0 : size};
}

/// False when it is still there.
bool Remove(const std::string& aside) {
  std::error_code ignored;
  fs::remove(aside + "-wal", ignored);
  return fs::remove(aside, ignored);
}

}  // namespace

std::string NextAside(const std::string& path) {
  const auto numbers = Numbers(path);
  return AsideName(path, numbers.empty() ? 1 : numbers.back() + 1);
}

std::uint64_t TrimAsides(const std::string& path, Bytes quota) {
  auto numbers = Numbers(path);
  if (numbers.size() < 2) return 0;
  // By what they are worth: the newest, the first, then the newer ones.
  std::ranges::reverse(numbers);
  std::rotate(numbers.begin() + 1, numbers.end() - 1, numbers.end());
  const Bytes bound{quota.count / kShare};
  Bytes kept;
  std::uint64_t removed = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string aside = AsideName(path, numbers[i]);
    const Bytes size = SizeOf(aside) + SizeOf(aside + "-wal");
    std::error_code ignored;
    if (i == 0 || kept + size <= bound || !fs::is_regular_file(aside, ignored)) {
      kept += size;
    } else if (Remove(aside)) {
      ++removed;
      spdlog::warn("outbox: {} is removed: damaged databases are kept within {} MiB", aside,
                   bound.count >> 20U);
    }
  }
  return removed;
}

}  // namespace fleet_edge::uplink
