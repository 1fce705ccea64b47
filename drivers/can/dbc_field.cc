#include "drivers/can/dbc_field.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/nearest.h"
#include "core/result.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/dbc.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::uint32_t kWindow = 8;  // bytes that are read as one number
constexpr std::uint32_t kByte = 8;
constexpr std::uint32_t kStateBits = 2;  // SAE J1939-71, table 2

Error Refused(std::string message) { return {Error::Code::kDrop, std::move(message)}; }

/// Nothing when the signal lies in nine bytes of a long message, which nobody has seen.
std::optional<DbcBits> Place(const DbcSignal& signal) {
  DbcBits bits{.length = static_cast<std::uint8_t>(signal.length),
               .big_endian = signal.big_endian,
               .number = signal.number};
  // Motorola counts a byte's bits from its highest, and on into the next byte.
  const std::uint32_t first = signal.big_endian
                                  ? signal.start - signal.start % kByte + 7 - signal.start % kByte
                                  : signal.start;
  const std::uint32_t end = first + signal.length;
  bits.bytes = static_cast<std::uint16_t>((end + kByte - 1) / kByte);
  if (bits.bytes > kWindow) bits.window = static_cast<std::uint16_t>(first / kByte);
  const std::uint32_t window_end = (bits.window + kWindow) * kByte;
  if (end > window_end) return std::nullopt;
  bits.shift =
      static_cast<std::uint8_t>(signal.big_endian ? window_end - end : first - bits.window * kByte);
  return bits;
}

const DbcSignal* FindSignal(const DbcMessage& message, std::string_view name) {
  const auto signal = std::ranges::find(message.signals, name, &DbcSignal::name);
  return signal == message.signals.end() ? nullptr : &*signal;
}

/// All `Message.Signal`, and the signals' bare names.
std::string NearestName(const Dbc& dbc, std::string_view name) {
  std::vector<std::string> names;
  for (const DbcMessage& message : dbc.messages) {
    for (const DbcSignal& signal : message.signals) {
      names.push_back(message.name + "." + signal.name);
      names.push_back(signal.name);
    }
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(Nearest(name, views));
}

struct Found {
  const DbcMessage* message = nullptr;
  const DbcSignal* signal = nullptr;
};

Result<Found> Find(const Dbc& dbc, std::string_view name) {
  const std::size_t dot = name.find('.');
  std::vector<Found> found;
  for (const DbcMessage& message : dbc.messages) {
    if (dot != std::string_view::npos && message.name != name.substr(0, dot)) continue;
    const DbcSignal* const signal =
        FindSignal(message, dot == std::string_view::npos ? name : name.substr(dot + 1));
    if (signal != nullptr) found.push_back({&message, signal});
  }
  if (found.size() == 1) return found.front();
  if (!found.empty()) {
    return Refused("signal '" + std::string(name) + "' is in " + found[0].message->name + " and " +
                   found[1].message->name + ": write for example " + found[0].message->name + "." +
                   found[0].signal->name);
  }
  const std::string near = NearestName(dbc, name);
  return Refused("the DBC file has no signal '" + std::string(name) + "'" +
                 (near.empty() ? ": write Message.Signal as the file names them"
                               : ". Did you mean '" + near + "'?"));
}

/// The conditions under which `signal` is there: its multiplexor's value, that one's, and so on.
std::optional<std::vector<DbcField::Condition>> Conditions(const DbcMessage& message,
                                                           const DbcSignal* signal) {
  constexpr std::size_t kDeepest = 8;
  std::vector<DbcField::Condition> conditions;
  while (signal->multiplexed) {
    const DbcSignal* const selector = FindSignal(message, signal->selector);
    if (selector == nullptr || conditions.size() == kDeepest) return std::nullopt;
    const auto bits = Place(*selector);
    if (!bits) return std::nullopt;
    conditions.push_back({*bits, signal->selects});
    signal = selector;
  }
  return conditions;
}

/// Raw values with a name that no measurement has.
std::vector<std::int64_t> Words(const DbcSignal& signal) {
  std::vector<std::int64_t> words;
  if (signal.min >= signal.max) return words;
  for (const auto& [raw, name] : signal.names) {
    const double value = static_cast<double>(raw) * signal.factor + signal.offset;
    if (value < signal.min || value > signal.max) words.push_back(raw);
  }
  std::ranges::sort(words);
  return words;
}

}  // namespace

std::uint32_t ParameterGroupMask(std::uint32_t id) {
  constexpr std::uint32_t kFormat = 0x00FF'0000;
  constexpr std::uint32_t kPdu2 = 0x00F0'0000;
  return (id & kFormat) >= kPdu2 ? 0x03FF'FF00 : 0x03FF'0000;
}

Result<DbcField> CompileDbcField(const Dbc& dbc, std::string_view name) {
  const auto found = Find(dbc, name);
  if (!found) return found.error();
  const DbcMessage& message = *found->message;
  const DbcSignal& signal = *found->signal;
  DbcField field{.name = message.name + "." + signal.name,
                 .unit = signal.unit,
                 .id = message.id,
                 .extended = message.extended,
                 .parameter_group = message.parameter_group,
                 .state = false,
                 .bits = {},
                 .factor = signal.factor,
                 .offset = signal.offset,
                 .conditions = {},
                 .words = Words(signal)};
  field.state = field.parameter_group && signal.number == DbcSignal::Number::kUnsigned &&
                signal.length == kStateBits && signal.factor == 1 && signal.offset == 0 &&
                !signal.multiplexor;
  if (field.parameter_group) field.id &= ParameterGroupMask(field.id);
  const auto bits = Place(signal);
  if (!bits || (!field.parameter_group && bits->bytes > CanFrame{}.bytes.size())) {
    return Refused("signal '" + field.name +
                   "' lies beyond the eight bytes of a classical CAN frame, which alone are read");
  }
  field.bits = *bits;
  auto conditions = Conditions(message, &signal);
  if (!conditions) {
    return Refused("the multiplexors of signal '" + field.name +
                   "' choose each other: correct its SG_MUL_VAL_");
  }
  field.conditions = std::move(*conditions);
  return field;
}

}  // namespace fleet_edge::drivers
