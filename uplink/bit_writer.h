#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <utility>

namespace fleet_edge::uplink {

/// Writes a string of bits, the highest of a byte first, and Exp-Golomb codes into it: the codes of
/// telemetry.proto's `columns`. One thread.
class BitWriter {
 public:
  /// The lowest `count` bits, at most 64; those above are 0.
  void Bits(std::uint64_t bits, int count) {
    if (count > kHalf) {
      Bits(bits >> static_cast<unsigned>(kHalf), count - kHalf);
      bits &= kHalfMask;
      count = kHalf;
    }
    pending_ = (pending_ << static_cast<unsigned>(count)) | bits;
    held_ += count;
    while (held_ >= 8) {
      held_ -= 8;
      bytes_.push_back(static_cast<char>(pending_ >> static_cast<unsigned>(held_)));
    }
  }

  /// The Exp-Golomb code of this order, at most 63. Precondition: not the greatest 64-bit number by
  /// order 0.
  void Number(std::uint64_t number, int order = 0) {
    const std::uint64_t head = (number >> static_cast<unsigned>(order)) + 1;
    const std::uint64_t tail = number & ((std::uint64_t{1} << static_cast<unsigned>(order)) - 1);
    const int width = Width(head);
    const int length = 2 * width - 1 + order;
    if (length <= kHalf) return Bits((head << static_cast<unsigned>(order)) | tail, length);
    Bits(0, width - 1);
    Bits(head, width);
    Bits(tail, order);
  }

  /// Bits from the highest 1 on; 0 has none.
  static int Width(std::uint64_t number) { return 64 - std::countl_zero(number); }

  /// How many bits Number() takes.
  static int Length(std::uint64_t number, int order) {
    return 2 * Width((number >> static_cast<unsigned>(order)) + 1) - 1 + order;
  }

  /// 0, -1, 1, -2, … as 0, 1, 2, 3, …
  static std::uint64_t ZigZag(std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    return (bits << 1U) ^ (number < 0 ? ~std::uint64_t{0} : 0);
  }

  /// What was written, filled up with zero bits to whole bytes; the writer is empty then.
  std::string Take() {
    if (held_ > 0) Bits(0, 8 - held_);
    return std::exchange(bytes_, {});
  }

 private:
  static constexpr int kHalf = 32;
  static constexpr std::uint64_t kHalfMask = 0xFFFF'FFFF;

  std::string bytes_;
  std::uint64_t pending_ = 0;  // its lowest held_ bits are not in bytes_ yet
  int held_ = 0;
};

}  // namespace fleet_edge::uplink
