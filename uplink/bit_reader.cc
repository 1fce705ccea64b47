#include "uplink/bit_reader.h"

#include <cstdint>

namespace fleet_edge::uplink {
namespace {

constexpr unsigned kWidth = 64;

}  // namespace

std::uint64_t BitReader::Bits(unsigned count) {
  if (!good_ || count > bytes_.size() * 8 - at_) return Fail();
  std::uint64_t bits = 0;
  for (; count > 0; --count, ++at_) {
    const auto byte = static_cast<unsigned char>(bytes_[at_ / 8]);
    bits = (bits << 1U) | ((byte >> (7 - at_ % 8)) & 1U);
  }
  return bits;
}

std::uint64_t BitReader::Number(std::uint64_t order) {
  unsigned zeros = 0;
  while (good_ && Bits(1) == 0) ++zeros;
  if (zeros >= kWidth || order >= kWidth) return Fail();
  const std::uint64_t head = ((std::uint64_t{1} << zeros) | Bits(zeros)) - 1;
  const std::uint64_t number = (head << order) | Bits(static_cast<unsigned>(order));
  if (number >> order != head) return Fail();
  return good_ ? number : 0;
}

std::int64_t BitReader::Signed(std::uint64_t order) {
  const std::uint64_t number = Number(order);
  return static_cast<std::int64_t>((number >> 1U) ^ (0 - (number & 1U)));
}

std::uint64_t BitReader::Fail() {
  good_ = false;
  return 0;
}

}  // namespace fleet_edge::uplink
