#include "rules/go_format.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fleet_edge::rules {
namespace {

constexpr int kWidest = 100;    // of width and precision
constexpr int kGoExponent = 6;  // of %g without a precision: from 1e+06 on

/// Takes digits from the front of `rest`; false when they say more than kWidest.
bool TakeNumber(std::string_view& rest, int& number) {
  number = 0;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    number = number * 10 + (rest.front() - '0');
    rest.remove_prefix(1);
    if (number > kWidest) return false;
  }
  return true;
}

/// Copies up to the next verb, `%%` as one; the verb's `%` is taken too.
std::string TakeText(std::string_view& rest, bool& verb) {
  std::string text;
  verb = false;
  while (!rest.empty() && !verb) {
    if (rest.front() != '%') {
      text += rest.front();
      rest.remove_prefix(1);
    } else if (rest.starts_with("%%")) {
      text += '%';
      rest.remove_prefix(2);
    } else {
      rest.remove_prefix(1);
      verb = true;
    }
  }
  return text;
}

std::string ToChars(double value, std::chars_format format, int precision) {
  std::array<char, 512> buffer{};  // 309 digits, 100 decimals
  char* const begin = buffer.data();
  char* const limit = begin + buffer.size();
  const auto [end, error] = precision < 0 ? std::to_chars(begin, limit, value, format)
                                          : std::to_chars(begin, limit, value, format, precision);
  return {begin, end};
}

std::string NotFinite(double value) {
  if (std::isnan(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}

}  // namespace

std::optional<GoFormat> GoFormat::Parse(std::string_view format, Takes takes) {
  GoFormat result;
  bool verb = false;
  result.before_ = TakeText(format, verb);
  if (!verb || !result.ReadVerb(format, takes)) return std::nullopt;
  result.after_ = TakeText(format, verb);
  if (verb) return std::nullopt;
  return result;
}

bool GoFormat::ReadVerb(std::string_view& rest, Takes takes) {
  for (; !rest.empty(); rest.remove_prefix(1)) {
    if (rest.front() == '+') {
      plus_ = true;
    } else if (rest.front() == '-') {
      left_ = true;
    } else if (rest.front() == '0') {
      zeros_ = true;
    } else {
      break;
    }
  }
  if (!TakeNumber(rest, width_)) return false;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    if (!TakeNumber(rest, precision_)) return false;
  }
  if (rest.empty()) return false;
  verb_ = rest.front();
  rest.remove_prefix(1);
  const std::string_view fitting = takes == Takes::kNumber ? "fFeEgGv" : "sv";
  return fitting.find(verb_) != std::string_view::npos;
}

std::string GoFormat::Apply(double value) const {
  std::string text;
  if (!std::isfinite(value)) {
    text = NotFinite(value);
  } else if (verb_ == 'f' || verb_ == 'F') {
    text = ToChars(value, std::chars_format::fixed, precision_ < 0 ? 6 : precision_);
  } else if (verb_ == 'e' || verb_ == 'E') {
    text = ToChars(value, std::chars_format::scientific, precision_ < 0 ? 6 : precision_);
  } else if (precision_ < 0) {
    text = ToGoText(value);
  } else {
    text = ToChars(value, std::chars_format::general, precision_);
  }
  if (plus_ && text.front() != '-' && text.front() != '+') text.insert(0, "+");
  if (verb_ == 'E' || verb_ == 'G') {
    if (const std::size_t exponent = text.find('e'); exponent != std::string::npos)
      text[exponent] = 'E';
  }
  return before_ + Pad(std::move(text), std::isfinite(value)) + after_;
}

std::string GoFormat::Apply(std::string_view text) const {
  std::string cut(text);
  if (precision_ >= 0 && cut.size() > static_cast<std::size_t>(precision_)) {
    cut.resize(static_cast<std::size_t>(precision_));
  }
  return before_ + Pad(std::move(cut), false) + after_;
}

std::string GoFormat::Pad(std::string text, bool number) const {
  const auto width = static_cast<std::size_t>(width_);
  if (text.size() >= width) return text;
  const std::size_t missing = width - text.size();
  if (left_) return text + std::string(missing, ' ');
  if (!zeros_ || !number) return std::string(missing, ' ') + text;
  const bool sign = text.front() == '-' || text.front() == '+';
  return text.insert(sign ? 1 : 0, missing, '0');
}

std::string ToGoText(double value) {
  if (!std::isfinite(value)) return NotFinite(value);
  std::string scientific = ToChars(value, std::chars_format::scientific, -1);
  const int exponent = std::atoi(
      scientific.c_str() + scientific.find('e') +
      1);  // NOLINT(bugprone-unchecked-string-to-number-conversion,cert-err34-c): to_chars wrote it
  if (exponent < -4 || exponent >= kGoExponent) return scientific;
  return ToChars(value, std::chars_format::fixed, -1);
}

}  // namespace fleet_edge::rules
