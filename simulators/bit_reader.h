#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fleet_edge::simulators {

/// Reads a string of bits, the first one the highest of the first byte, and Exp-Golomb codes from
/// it, as telemetry.proto words them. Whatever the bytes are: what can't be read is nothing. The
/// bytes outlive it.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  /// How many bits are left.
  std::size_t left() const { return bytes_.size() * 8 - at_; }

  /// `count` bits, at most 64.
  std::optional<std::uint64_t> Bits(unsigned count);

  /// `number(order)`; nothing where it takes more than 64 bits too.
  std::optional<std::uint64_t> Number(std::uint64_t order = 0);

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace fleet_edge::simulators
