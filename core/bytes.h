#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge {

/// An amount of memory, disk or link.
struct Bytes {
  std::uint64_t count = 0;

  friend auto operator<=>(Bytes, Bytes) = default;
  friend Bytes operator+(Bytes a, Bytes b) { return {a.count + b.count}; }
  Bytes& operator+=(Bytes other) { return count += other.count, *this; }
};

constexpr Bytes KiB(std::uint64_t n) { return {n << 10}; }
constexpr Bytes MiB(std::uint64_t n) { return {n << 20}; }

/// Reads `512MiB`, `64KiB`, `1GiB`, `4kB`, `4MB`, `100B` or a plain number of bytes. Nothing when
/// it is none of these or exceeds 2^63.
std::optional<Bytes> ParseBytes(std::string_view text);

/// The shortest exact form: `512MiB`, `1000B`.
std::string ToString(Bytes bytes);

}  // namespace fleet_edge
