#include "drivers/can/dbc_signal.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/diagnostic.h"
#include "drivers/can/dbc.h"
#include "drivers/can/dbc_lexer.h"
#include "drivers/can/dbc_words.h"
#include "drivers/number.h"

namespace fleet_edge::drivers {
namespace {

/// `M`, `m3`, `m3M` or nothing, between the signal's name and its colon.
bool ReadMultiplexing(DbcWords& words, DbcSignal& signal) {
  if (words.token().kind != DbcToken::Kind::kName) return true;
  std::string_view text = words.token().text;
  if (text.ends_with('M')) {
    signal.multiplexor = true;
    text.remove_suffix(1);
  }
  if (!text.empty()) {
    const auto value =
        text.starts_with('m') ? ParseInteger<std::uint32_t>(text.substr(1)) : std::nullopt;
    if (!value) return words.Expected("M, m and a number, or ':'");
    signal.multiplexed = true;
    signal.selects.push_back({*value, *value});
  }
  words.Next();
  return true;
}

/// `0|16@1+`.
bool ReadBits(DbcWords& words, DbcSignal& signal) {
  const Position position = words.token().position;
  std::uint32_t order = 0;
  if (!words.Integer(signal.start, "the first bit's number") || !words.Mark('|') ||
      !words.Integer(signal.length, "the number of bits") || !words.Mark('@') ||
      !words.Integer(order, "the byte order, 0 or 1")) {
    return false;
  }
  const bool is_signed = words.token().Is("-");
  if (!is_signed && !words.token().Is("+")) return words.Expected("the sign, + or -");
  words.Next();
  signal.big_endian = order == 0;
  signal.number = is_signed ? DbcSignal::Number::kSigned : DbcSignal::Number::kUnsigned;
  if (order > 1) {
    return words.Fail(position, "byte orders are 0 (Motorola) and 1 (Intel)", "Write 0 or 1");
  }
  if (signal.length == 0 || signal.length > kMaxDbcSignalBits) {
    return words.Fail(position, "a signal has 1 to 64 bits", "Correct the number behind the |");
  }
  if (signal.start >= kMaxDbcMessageBytes * 8) {
    return words.Fail(position, "the first bit is beyond the longest message",
                      "Correct the number before the |");
  }
  return true;
}

/// `(0.1,0) [0|100] "km/h"`.
bool ReadScaling(DbcWords& words, DbcSignal& signal) {
  return words.Mark('(') && words.Real(signal.factor, "the factor") && words.Mark(',') &&
         words.Real(signal.offset, "the offset") && words.Mark(')') && words.Mark('[') &&
         words.Real(signal.min, "the lowest value") && words.Mark('|') &&
         words.Real(signal.max, "the highest value") && words.Mark(']') &&
         words.Text(signal.unit, "the unit, in quotes");
}

}  // namespace

bool ReadDbcSignal(DbcWords& words, DbcSignal& signal) {
  return words.Name(signal.name, "the signal's name") && ReadMultiplexing(words, signal) &&
         words.Mark(':') && ReadBits(words, signal) && ReadScaling(words, signal);
}

}  // namespace fleet_edge::drivers
