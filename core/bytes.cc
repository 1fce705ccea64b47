#include "core/bytes.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace fleet_edge {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

// Binary units largest first, so that ToString() finds the shortest form.
constexpr std::array<Unit, 8> kUnits{{{"GiB", 1ULL << 30},
                                      {"MiB", 1ULL << 20},
                                      {"KiB", 1ULL << 10},
                                      {"B", 1},
                                      {"", 1},
                                      {"kB", 1000},
                                      {"MB", 1000'000},
                                      {"GB", 1000'000'000}}};

}  // namespace

std::optional<Bytes> ParseBytes(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  for (const Unit& unit : kUnits) {
    if (text != unit.name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / unit.bytes) return std::nullopt;
    return Bytes{number * unit.bytes};
  }
  return std::nullopt;
}

std::string ToString(Bytes bytes) {
  for (const Unit& unit : kUnits) {
    if (bytes.count % unit.bytes != 0 || (bytes.count == 0 && unit.bytes != 1)) continue;
    return std::to_string(bytes.count / unit.bytes).append(unit.name);
  }
  return std::to_string(bytes.count);
}

}  // namespace fleet_edge
