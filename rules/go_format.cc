#include "rules/go_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "rules/template_value.h"

namespace fleet_edge::rules {
namespace {

constexpr int kWidest = 100;    // of width and precision
constexpr int kGoExponent = 6;  // of %g without a precision: from 1e+06 on

/// A byte of UTF-8 that goes on with the character before it.
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// One verb with what stands before its letter.
struct Verb {
  bool plus = false;
  bool left = false;
  bool zeros = false;
  bool space = false;
  int width = 0;
  int precision = -1;  // none given
  char letter = '\0';  // none: the format ends here
};

/// Takes digits from the front of `rest`; what is beyond kWidest reads as one more than that.
int TakeNumber(std::string_view& rest) {
  int number = 0;
  for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1)) {
    number = std::min(number * 10 + (rest.front() - '0'), kWidest + 1);
  }
  return number;
}

/// Takes what follows a `%`.
Verb TakeVerb(std::string_view& rest) {
  Verb verb;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    if (rest.front() == '+') {
      verb.plus = true;
    } else if (rest.front() == '-') {
      verb.left = true;
    } else if (rest.front() == '0') {
      verb.zeros = true;
    } else if (rest.front() == ' ') {
      verb.space = true;
    } else {
      break;
    }
  }
  verb.width = TakeNumber(rest);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    verb.precision = TakeNumber(rest);
  }
  if (!rest.empty()) {
    verb.letter = rest.front();
    rest.remove_prefix(1);
  }
  return verb;
}

/// Takes the text up to the next verb that prints a value, `%%` as one. False at the end.
bool TakeText(std::string_view& rest, std::string& text) {
  while (!rest.empty()) {
    const std::size_t percent = std::min(rest.find('%'), rest.size());
    text += rest.substr(0, percent);
    rest.remove_prefix(percent);
    if (rest.empty()) break;
    rest.remove_prefix(1);
    if (!rest.starts_with('%')) return true;
    text += '%';
    rest.remove_prefix(1);
  }
  return false;
}

std::string_view LettersFor(TemplateType type) {
  switch (type) {
    case TemplateType::kNumber:
      return "fFeEgGv";
    case TemplateType::kWhole:
      return "dv";
    case TemplateType::kBool:
      return "tv";
    case TemplateType::kText:
    case TemplateType::kLabels:
      return "sv";
    case TemplateType::kMixed:
      break;
  }
  return "v";
}

std::string_view ExampleFor(TemplateType type) {
  switch (type) {
    case TemplateType::kNumber:
      return "Use one of %f %.1f %e %g %v";
    case TemplateType::kWhole:
      return "Use %d or %v";
    case TemplateType::kBool:
      return "Use %t or %v";
    case TemplateType::kText:
    case TemplateType::kLabels:
      return "Use %s or %v";
    case TemplateType::kMixed:
      break;
  }
  return "Use %v";
}

std::string ToChars(double value, std::chars_format format, int precision) {
  std::array<char, 512> buffer{};  // 309 digits, 100 decimals
  char* const begin = buffer.data();
  char* const limit = begin + buffer.size();
  const auto [end, error] = precision < 0 ? std::to_chars(begin, limit, value, format)
                                          : std::to_chars(begin, limit, value, format, precision);
  return {begin, end};
}

std::string Digits(double value, const Verb& verb) {
  if (std::isnan(value)) return "NaN";
  if (!std::isfinite(value)) return value > 0 ? "+Inf" : "-Inf";
  switch (verb.letter) {
    case 'f':
    case 'F':
      return ToChars(value, std::chars_format::fixed, verb.precision < 0 ? 6 : verb.precision);
    case 'e':
    case 'E':
      return ToChars(value, std::chars_format::scientific, verb.precision < 0 ? 6 : verb.precision);
    default:
      return verb.precision < 0 ? ToGoText(value)
                                : ToChars(value, std::chars_format::general, verb.precision);
  }
}

std::string Pad(std::string text, const Verb& verb, bool zeros) {
  const auto width = static_cast<std::size_t>(verb.width);
  const std::size_t count = CountCharacters(text);
  if (count >= width) return text;
  const std::size_t missing = width - count;
  if (verb.left) return text + std::string(missing, ' ');
  return std::string(missing, zeros ? '0' : ' ') + text;
}

/// Puts the sign that the flags ask for, and zeros between it and the digits.
std::string PadNumber(std::string text, const Verb& verb, bool finite) {
  const bool has_sign = text.front() == '-' || text.front() == '+';
  std::string sign;
  if (has_sign) {
    sign = text.substr(0, 1);
    text.erase(0, 1);
    if (sign == "+" && verb.space && !verb.plus) sign = " ";
  } else if (verb.plus || verb.space) {
    sign = verb.plus ? "+" : " ";
  }
  if (finite && verb.zeros && !verb.left) {
    const std::size_t length = sign.size() + text.size();
    const auto width = static_cast<std::size_t>(verb.width);
    if (length < width) text.insert(0, width - length, '0');
  }
  return Pad(sign + text, verb, false);
}

std::string Print(double value, const Verb& verb) {
  std::string text = Digits(value, verb);
  if (verb.letter == 'E' || verb.letter == 'G') std::ranges::replace(text, 'e', 'E');
  return PadNumber(std::move(text), verb, std::isfinite(value));
}

/// Of an int the precision is the fewest digits; with one, zeros do not fill the width.
std::string Print(std::int64_t value, const Verb& verb) {
  std::string text = std::to_string(value);
  const std::size_t sign = text.front() == '-' ? 1 : 0;
  const auto fewest = static_cast<std::size_t>(std::max(verb.precision, 0));
  if (text.size() - sign < fewest) text.insert(sign, fewest - (text.size() - sign), '0');
  if (value == 0 && verb.precision == 0) text.clear();
  if (text.empty()) return Pad({}, verb, false);
  return PadNumber(std::move(text), verb, verb.precision < 0);
}

std::string PrintText(std::string_view text, const Verb& verb) {
  std::size_t end = 0;
  for (int left = verb.precision; end < text.size() && left != 0; --left) {
    do ++end;
    while (end < text.size() && IsContinuation(text[end]));
  }
  return Pad(std::string(text.substr(0, end)), verb, verb.zeros);
}

std::string Print(const TemplateValue& value, const Verb& verb) {
  if (const auto* number = std::get_if<double>(&value)) return Print(*number, verb);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return Print(*whole, verb);
  if (const auto* text = std::get_if<std::string>(&value)) return PrintText(*text, verb);
  if (const auto* truth = std::get_if<bool>(&value)) {
    return Pad(*truth ? "true" : "false", verb, verb.zeros);
  }
  return ToGoText(value);
}

}  // namespace

std::optional<GoFormatError> CheckGoFormat(std::string_view format,
                                           std::span<const TemplateType> types) {
  std::string_view rest = format;
  std::string text;
  std::size_t used = 0;
  while (TakeText(rest, text)) {
    const std::size_t at = format.size() - rest.size() - 1;
    const Verb verb = TakeVerb(rest);
    std::size_t end = format.size() - rest.size();
    while (end < format.size() && IsContinuation(format[end])) ++end;
    const std::string shown(format.substr(at, end - at));
    if (verb.letter == '\0') return GoFormatError{at, "'" + shown + "' has no verb", "Write %v"};
    if (verb.width > kWidest || verb.precision > kWidest) {
      return GoFormatError{at, "'" + shown + "' is too wide", "At most 100"};
    }
    if (used == types.size()) {
      return GoFormatError{at, "'" + shown + "' has no value to print",
                           "Name one value for each verb"};
    }
    const TemplateType type = types[used++];
    if (LettersFor(type).find(verb.letter) == std::string_view::npos) {
      return GoFormatError{at, "'" + shown + "' does not print a " + std::string(ToString(type)),
                           std::string(ExampleFor(type))};
    }
    if (type == TemplateType::kLabels && shown.size() > 2) {
      return GoFormatError{at, "'" + shown + "' does not lay out a map of labels", "Use %v"};
    }
  }
  if (used == types.size()) return std::nullopt;
  return GoFormatError{format.size(),
                       "the format prints " + std::to_string(used) + " of " +
                           std::to_string(types.size()) + " values",
                       "Write one verb for each value"};
}

std::string GoPrintf(std::string_view format, std::span<const TemplateValue> values) {
  std::string text;
  for (const TemplateValue& value : values) {
    TakeText(format, text);
    text += Print(value, TakeVerb(format));
  }
  TakeText(format, text);
  return text;
}

std::string ToGoText(double value) {
  if (!std::isfinite(value)) return Digits(value, {});
  std::string scientific = ToChars(value, std::chars_format::scientific, -1);
  const std::size_t at = scientific.find('e') + 1;
  const std::size_t plus = scientific[at] == '+' ? 1 : 0;
  int exponent = 0;
  std::from_chars(scientific.data() + at + plus, scientific.data() + scientific.size(), exponent);
  if (exponent < -4 || exponent >= kGoExponent) return scientific;
  return ToChars(value, std::chars_format::fixed, -1);
}

std::string ToFourDigits(double value) { return Digits(value, {.precision = 4, .letter = 'g'}); }

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !IsContinuation(c); }));
}

}  // namespace fleet_edge::rules
