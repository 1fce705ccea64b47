#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fleet_edge::uplink {

/// Reads what BitWriter writes: the codes of telemetry.proto's `columns`. Beyond the end, and for
/// numbers of more than 64 bits, it yields 0 and is no longer good(). One thread; borrows the
/// bytes.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  /// The next `count` bits, at most 64.
  std::uint64_t Bits(unsigned count);

  /// An Exp-Golomb code of this order.
  std::uint64_t Number(std::uint64_t order = 0);
  std::int64_t Signed(std::uint64_t order);

  /// Nothing is left but the bits that fill the last byte.
  bool AtEnd() const { return bytes_.size() * 8 - at_ < 8; }

  /// False once something was asked for that isn't there.
  bool good() const { return good_; }

 private:
  std::uint64_t Fail();

  std::string_view bytes_;
  std::size_t at_ = 0;  // in bits
  bool good_ = true;
};

}  // namespace fleet_edge::uplink
