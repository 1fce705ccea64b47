#include "drivers/mqtt/cbor.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace fleet_edge::drivers {
namespace {

using Item = CborReader::Item;
using Kind = Item::Kind;

// RFC 8949, section 3: the low five bits of an item's first byte.
constexpr unsigned kLastImmediate = 23;
constexpr unsigned kOneByte = 24;
constexpr unsigned kTwoBytes = 25;
constexpr unsigned kFourBytes = 26;
constexpr unsigned kEightBytes = 27;
constexpr unsigned kIndefinite = 31;

enum Major : unsigned {
  kUnsignedMajor,
  kNegativeMajor,
  kBytesMajor,
  kTextMajor,
  kArrayMajor,
  kMapMajor,
  kTagMajor,
  kSimpleMajor
};

/// IEEE 754's binary16: RFC 8949, appendix D.
double HalfToDouble(std::uint16_t half) {
  const int exponent = half >> 10 & 0x1F;
  const double mantissa = half & 0x3FF;
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else if (exponent != 31) {
    value = std::ldexp(mantissa + 1024, exponent - 25);
  } else {
    value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  }
  return (half & 0x8000) != 0 ? -value : value;
}

Kind KindOf(unsigned major) {
  switch (major) {
    case kUnsignedMajor:
      return Kind::kUnsigned;
    case kNegativeMajor:
      return Kind::kNegative;
    case kBytesMajor:
      return Kind::kBytes;
    case kTextMajor:
      return Kind::kText;
    case kArrayMajor:
      return Kind::kArray;
    case kMapMajor:
      return Kind::kMap;
    default:
      return Kind::kTag;
  }
}

}  // namespace

std::optional<double> Item::AsNumber() const {
  if (kind == Kind::kUnsigned) return static_cast<double>(number);
  if (kind == Kind::kNegative) return -1 - static_cast<double>(number);
  if (kind == Kind::kFloat) return real;
  return std::nullopt;
}

std::optional<Item> CborReader::Next() {
  const auto first = TakeNumber(1);
  if (!first) return std::nullopt;
  const auto major = static_cast<unsigned>(*first >> 5);
  const auto info = static_cast<unsigned>(*first & 0x1F);
  if (major == kSimpleMajor) return TakeSimple(info);
  Item item{.kind = KindOf(major), .number = info, .real = 0, .text = {}, .indefinite = false};
  const bool is_string = major == kBytesMajor || major == kTextMajor;
  if (info == kIndefinite) {
    if (!is_string && major != kArrayMajor && major != kMapMajor) return std::nullopt;
    item.indefinite = !is_string;
    item.number = 0;
  } else if (info > kEightBytes) {
    return std::nullopt;
  } else if (info > kLastImmediate) {
    const auto number = TakeNumber(std::size_t{1} << (info - kOneByte));
    if (!number) return std::nullopt;
    item.number = *number;
  }
  if (!is_string) return item;
  const auto text = info == kIndefinite ? TakeChunks(major) : TakeBytes(item.number);
  if (!text) return std::nullopt;
  item.text = *text;
  return item;
}

std::optional<Item> CborReader::TakeSimple(unsigned info) {
  Item item;
  if (info == kIndefinite) {
    item.kind = Kind::kBreak;
    return item;
  }
  item.number = info;
  if (info <= kLastImmediate) return item;
  if (info > kEightBytes) return std::nullopt;
  const auto bits = TakeNumber(std::size_t{1} << (info - kOneByte));
  if (!bits) return std::nullopt;
  item.number = *bits;
  if (info == kOneByte) {  // section 3.3: values below 32 are not well-formed here
    if (*bits < 32) return std::nullopt;
    return item;
  }
  item.kind = Kind::kFloat;
  if (info == kTwoBytes) item.real = HalfToDouble(static_cast<std::uint16_t>(*bits));
  if (info == kFourBytes) item.real = std::bit_cast<float>(static_cast<std::uint32_t>(*bits));
  if (info == kEightBytes) item.real = std::bit_cast<double>(*bits);
  return item;
}

std::optional<std::uint64_t> CborReader::TakeNumber(std::size_t size) {
  const auto bytes = TakeBytes(size);
  if (!bytes) return std::nullopt;
  std::uint64_t number = 0;
  for (const char byte : *bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::optional<std::string_view> CborReader::TakeBytes(std::uint64_t size) {
  if (size > rest_.size()) return std::nullopt;
  const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(bytes.size());
  return bytes;
}

std::optional<std::string_view> CborReader::TakeChunks(unsigned major) {
  chunks_.clear();
  while (const auto first = TakeNumber(1)) {
    if (*first == (kSimpleMajor << 5 | kIndefinite)) return chunks_;
    const auto info = static_cast<unsigned>(*first & 0x1F);
    if (*first >> 5 != major || info > kEightBytes) return std::nullopt;
    const auto size =
        info > kLastImmediate ? TakeNumber(std::size_t{1} << (info - kOneByte)) : info;
    const auto chunk = size ? TakeBytes(*size) : std::nullopt;
    if (!chunk) return std::nullopt;
    chunks_ += *chunk;
  }
  return std::nullopt;
}

bool CborReader::Skip(const Item& item, int depth) {
  const bool is_map = item.kind == Kind::kMap;
  if (!is_map && item.kind != Kind::kArray && item.kind != Kind::kTag) {
    return item.kind != Kind::kBreak;
  }
  if (depth == kMaxDepth) return false;
  const auto skip_next = [&] {
    const auto next = Next();
    return next && Skip(*next, depth + 1);
  };
  if (item.kind == Kind::kTag) return skip_next();
  return ForEach(
      item, [&](const Item& inner) { return Skip(inner, depth + 1) && (!is_map || skip_next()); });
}

}  // namespace fleet_edge::drivers
