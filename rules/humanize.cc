#include "rules/humanize.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "rules/go_format.h"

namespace fleet_edge::rules {
namespace {

constexpr std::array<std::string_view, 8> kLarge{"k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr std::array<std::string_view, 8> kSmall{"m", "u", "n", "p", "f", "a", "z", "y"};
constexpr std::array<std::string_view, 8> kBinary{"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};

std::string Shrink(double value, double step, std::span<const std::string_view> prefixes) {
  std::string_view prefix;
  for (const std::string_view next : prefixes) {
    if (std::abs(value) < step) break;
    prefix = next;
    value /= step;
  }
  return ToFourDigits(value) + std::string(prefix);
}

std::string Grow(double value) {
  std::string_view prefix;
  for (const std::string_view next : kSmall) {
    if (std::abs(value) >= 1) break;
    prefix = next;
    value *= 1000;
  }
  return ToFourDigits(value) + std::string(prefix);
}

/// Go's conversion of what no int64 holds gives the smallest one.
std::int64_t ToWhole(double value) {
  constexpr double kLimit = 0x1p63;
  if (value >= kLimit || value < -kLimit) return INT64_MIN;
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::string Humanize(double value) {
  if (value == 0 || !std::isfinite(value)) return ToFourDigits(value);
  return std::abs(value) >= 1 ? Shrink(value, 1000, kLarge) : Grow(value);
}

std::string Humanize1024(double value) {
  if (std::abs(value) <= 1 || !std::isfinite(value)) return ToFourDigits(value);
  return Shrink(value, 1024, kBinary);
}

std::string HumanizeDuration(double seconds) {
  if (!std::isfinite(seconds)) return ToFourDigits(seconds);
  if (seconds == 0) return ToFourDigits(seconds) + "s";
  if (std::abs(seconds) < 1) return Grow(seconds) + "s";
  const std::string sign = seconds < 0 ? "-" : "";
  const std::int64_t whole = ToWhole(std::abs(seconds));
  const auto part = [&](std::int64_t unit, std::int64_t modulus, std::string_view name) {
    const std::int64_t count = modulus == 0 ? whole / unit : whole / unit % modulus;
    return std::to_string(count) + std::string(name);
  };
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  std::string text = sign;
  if (whole / kDay != 0) text += part(kDay, 0, "d ");
  if (whole / kDay != 0 || whole / kHour % 24 != 0) text += part(kHour, 24, "h ");
  if (whole / kMinute == 0) return sign + ToFourDigits(std::abs(seconds)) + "s";
  return text + part(kMinute, 60, "m ") + part(1, 60, "s");
}

std::string HumanizePercentage(double share) { return ToFourDigits(share * 100) + "%"; }

std::string HumanizeTimestamp(double seconds) {
  if (!std::isfinite(seconds)) return ToFourDigits(seconds);
  const double nanoseconds = seconds * 1e9;
  constexpr double kLimit = 0x1p63;
  if (nanoseconds > kLimit || nanoseconds < -kLimit) return {};
  using std::chrono::milliseconds;
  const milliseconds since{ToWhole(nanoseconds) / 1'000'000};
  const auto days = std::chrono::floor<std::chrono::days>(since);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const std::chrono::hh_mm_ss time(since - days);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%d-%02u-%02u %02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  std::string result = text.data();
  if (const auto beyond = time.subseconds().count(); beyond != 0) {
    std::string decimals = std::to_string(1000 + beyond).substr(1);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    result += "." + decimals;
  }
  return result + " +0000 UTC";
}

}  // namespace fleet_edge::rules
