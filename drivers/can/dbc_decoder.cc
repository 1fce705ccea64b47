#include "drivers/can/dbc_decoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "drivers/can/dbc.h"
#include "drivers/can/dbc_field.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using Number = DbcSignal::Number;

constexpr unsigned kWordBits = 64;
constexpr unsigned kByte = 8;
constexpr std::uint32_t kExtendedFlag = 0x8000'0000;

// SAE J1939-71, table 1, of the most significant byte.
constexpr std::uint64_t kLastValue = 0xFA;
constexpr std::uint64_t kNotAvailable = 0xFF;

// … table 2, of states.
constexpr std::uint64_t kLastState = 1;
constexpr std::uint64_t kNoState = 3;

std::int64_t Signed(std::uint64_t raw, unsigned length) {
  const unsigned unused = kWordBits - length;
  return static_cast<std::int64_t>(raw << unused) >> unused;
}

double NumberOf(std::uint64_t raw, const DbcBits& bits) {
  switch (bits.number) {
    case Number::kSigned:
      return static_cast<double>(Signed(raw, bits.length));
    case Number::kFloat:
      return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    case Number::kDouble:
      return std::bit_cast<double>(raw);
    case Number::kUnsigned:
      break;
  }
  return static_cast<double>(raw);
}

/// A raw value's place among the names, which the file writes as signed or unsigned as the signal.
std::int64_t Named(std::uint64_t raw, const DbcBits& bits) {
  return bits.number == Number::kSigned ? Signed(raw, bits.length) : static_cast<std::int64_t>(raw);
}

enum class Said : std::uint8_t { kValue, kNothing, kError };

/// What a raw value stands for, which in a J1939 parameter group is not always a value.
Said Judge(std::uint64_t raw, const DbcField& field) {
  const unsigned length = field.bits.length;
  if (!field.parameter_group || field.bits.number != Number::kUnsigned) return Said::kValue;
  if (!field.state && length % kByte != 0) return Said::kValue;
  const std::uint64_t top = field.state ? raw : raw >> (length - kByte);
  if (top == (field.state ? kNoState : kNotAvailable)) return Said::kNothing;
  return top > (field.state ? kLastState : kLastValue) ? Said::kError : Said::kValue;
}

}  // namespace

DbcDecoder::Words DbcDecoder::Words::Of(std::span<const std::uint8_t> data) {
  static_assert(std::endian::native == std::endian::little, "the other order is not built for");
  Words words{};
  if (data.size() >= sizeof(words.little)) {
    std::memcpy(&words.little, data.data(), sizeof(words.little));
  } else {
    std::ranges::copy(data, reinterpret_cast<std::uint8_t*>(&words.little));
  }
  words.big = __builtin_bswap64(words.little);
  return words;
}

DbcDecoder::DbcDecoder(std::vector<DbcField> fields) : fields_(std::move(fields)) {
  for (std::size_t place = 0; place < fields_.size(); ++place) {
    const DbcField& field = fields_[place];
    if (field.parameter_group) {
      Insert(groups_, field.id, place);
    } else {
      Insert(exact_, field.id | (field.extended ? kExtendedFlag : 0), place);
    }
  }
}

void DbcDecoder::Insert(std::vector<Message>& messages, std::uint32_t key, std::size_t field) {
  auto at = std::ranges::lower_bound(messages, key, {}, &Message::key);
  if (at == messages.end() || at->key != key) at = messages.insert(at, {key, {}});
  at->fields.push_back(field);
}

const DbcDecoder::Message* DbcDecoder::Find(const std::vector<Message>& messages,
                                            std::uint32_t key) {
  const auto at = std::ranges::lower_bound(messages, key, {}, &Message::key);
  return at == messages.end() || at->key != key ? nullptr : &*at;
}

bool DbcDecoder::Decode(std::uint32_t id, bool extended, std::span<const std::uint8_t> data,
                        DbcReport& report) const {
  report.clear();
  const Message* const exact = Find(exact_, id | (extended ? kExtendedFlag : 0));
  const Message* const group =
      extended && !groups_.empty() ? Find(groups_, id & ParameterGroupMask(id)) : nullptr;
  if (exact == nullptr && group == nullptr) return false;
  const Data all{data, Words::Of(data)};
  if (exact != nullptr) ReadAll(*exact, all, report);
  if (group != nullptr) ReadAll(*group, all, report);
  return true;
}

void DbcDecoder::ReadAll(const Message& message, const Data& data, DbcReport& report) const {
  for (const std::size_t place : message.fields) Read(place, data, report);
}

/// Precondition: the data is long enough.
std::uint64_t DbcDecoder::Raw(const Data& data, const DbcBits& bits) {
  const Words words = bits.window == 0 ? data.first : Words::Of(data.bytes.subspan(bits.window));
  const std::uint64_t word = bits.big_endian ? words.big : words.little;
  return (word >> bits.shift) & (~std::uint64_t{0} >> (kWordBits - bits.length));
}

bool DbcDecoder::IsIn(const Data& data, const DbcBits& bits) {
  return data.bytes.size() >= bits.bytes;
}

/// Precondition: the data is long enough.
bool DbcDecoder::Holds(const Data& data, const DbcField::Condition& condition) {
  const std::uint64_t raw = Raw(data, condition.multiplexor);
  return std::ranges::any_of(condition.ranges, [&](const DbcSignal::Range& range) {
    return raw >= range.first && raw <= range.last;
  });
}

void DbcDecoder::Read(std::size_t place, const Data& data, DbcReport& report) const {
  const DbcField& field = fields_[place];
  bool missing = !IsIn(data, field.bits);
  for (const DbcField::Condition& condition : field.conditions) {
    const bool is_in = IsIn(data, condition.multiplexor);
    if (is_in && !Holds(data, condition)) return;
    missing = missing || !is_in;
  }
  if (missing) {
    report.failed.push_back({place, reason::kMissing});
    return;
  }
  const std::uint64_t raw = Raw(data, field.bits);
  const Said said = Judge(raw, field);
  if (said == Said::kNothing) return;
  const double value = NumberOf(raw, field.bits) * field.factor + field.offset;
  if (said == Said::kError || !std::isfinite(value) ||
      std::ranges::binary_search(field.words, Named(raw, field.bits))) {
    report.failed.push_back({place, reason::kDeviceError});
  } else {
    report.values.push_back({place, value});
  }
}

}  // namespace fleet_edge::drivers
