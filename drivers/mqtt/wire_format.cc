#include "drivers/mqtt/wire_format.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fleet_edge::drivers {
namespace {

using Kind = WireReader::Field::Kind;

constexpr std::uint64_t kLastField = (1U << 29) - 1;

}  // namespace

std::optional<WireReader::Field> WireReader::Next() {
  if (rest_.empty() || failed_) return std::nullopt;
  Field field;
  const auto tag = TakeVarint();
  if (tag && *tag >> 3 != 0 && *tag >> 3 <= kLastField) {
    field.number = static_cast<std::uint32_t>(*tag >> 3);
    field.kind = static_cast<Kind>(*tag & 7);
    if (Fill(field)) return field;
  }
  failed_ = true;
  return std::nullopt;
}

bool WireReader::Fill(Field& field) {
  std::optional<std::uint64_t> bits;
  switch (field.kind) {
    case Kind::kVarint:
      bits = TakeVarint();
      break;
    case Kind::kFixed64:
      bits = TakeFixed(8);
      break;
    case Kind::kFixed32:
      bits = TakeFixed(4);
      break;
    case Kind::kBytes: {
      const auto size = TakeVarint();
      if (!size || *size > rest_.size()) return false;
      field.bytes = rest_.substr(0, static_cast<std::size_t>(*size));
      rest_.remove_prefix(field.bytes.size());
      return true;
    }
  }
  if (!bits) return false;
  field.bits = *bits;
  return true;
}

std::optional<std::uint64_t> WireReader::TakeVarint() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> WireReader::TakeFixed(std::size_t size) {
  if (size > rest_.size()) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(rest_[i]);
  }
  rest_.remove_prefix(size);
  return number;
}

}  // namespace fleet_edge::drivers
