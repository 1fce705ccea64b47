#include "simulators/bit_reader.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace fleet_edge::simulators {

std::optional<std::uint64_t> BitReader::Bits(unsigned count) {
  if (count > left()) return std::nullopt;
  std::uint64_t bits = 0;
  for (const std::size_t end = at_ + count; at_ < end; ++at_) {
    const auto byte = static_cast<unsigned char>(bytes_[at_ / 8]);
    bits = bits * 2 + (byte >> (7 - at_ % 8)) % 2;
  }
  return bits;
}

std::optional<std::uint64_t> BitReader::Number(std::uint64_t order) {
  unsigned width = 0;  // of what follows the first 1
  for (std::optional<std::uint64_t> bit = Bits(1); bit != 1; bit = Bits(1)) {
    if (!bit) return std::nullopt;
    ++width;
  }
  if (order >= 64 || width >= 64) return std::nullopt;
  const std::optional<std::uint64_t> rest = Bits(width);
  const std::optional<std::uint64_t> tail = rest ? Bits(static_cast<unsigned>(order)) : rest;
  if (!tail) return std::nullopt;
  const std::uint64_t head = (std::uint64_t{1} << width) + *rest - 1;
  if (head > std::numeric_limits<std::uint64_t>::max() >> order) return std::nullopt;
  return (head << order) + *tail;
}

}  // namespace fleet_edge::simulators
