#include "core/time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace fleet_edge {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::array<Unit, 8> kUnits{{{"y", 365LL * 86'400 * kSecond},
                                      {"w", 7LL * 86'400 * kSecond},
                                      {"d", 86'400 * kSecond},
                                      {"h", 3'600 * kSecond},
                                      {"m", 60 * kSecond},
                                      {"s", kSecond},
                                      {"ms", 1'000},
                                      {"us", 1}}};
constexpr std::int64_t kLongest = 100 * kUnits[0].micros;

bool TakeNumber(std::string_view& text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// Takes exactly `width` digits from the front.
bool TakeDigits(std::string_view& text, std::size_t width, int& number) {
  if (text.size() < width) return false;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return false;
  }
  std::from_chars(text.data(), text.data() + width, number);
  text.remove_prefix(width);
  return true;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeFraction(std::string_view& text, std::int64_t& micros) {
  micros = 0;
  if (!Take(text, ".,")) return true;
  std::int64_t scale = 100'000;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    micros += scale * (text[digits] - '0');
    scale /= 10;
    ++digits;
  }
  text.remove_prefix(digits);
  return digits > 0;
}

bool TakeZone(std::string_view& text, std::chrono::minutes& offset) {
  offset = std::chrono::minutes{0};
  if (text.empty() || Take(text, "Zz")) return true;
  const bool west = text.front() == '-';
  if (!Take(text, "+-")) return false;
  int hours = 0;
  int minutes = 0;
  if (!TakeDigits(text, 2, hours)) return false;
  Take(text, ":");
  if (!text.empty() && !TakeDigits(text, 2, minutes)) return false;
  offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  if (west) offset = -offset;
  return true;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration{0};
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::int64_t number = 0;
    if (!TakeNumber(text, number)) return std::nullopt;
    std::size_t letters = 0;
    while (letters < text.size() && (text[letters] < '0' || text[letters] > '9')) ++letters;
    const std::string_view name = text.substr(0, letters);
    text.remove_prefix(letters);
    while (next_unit < kUnits.size() && kUnits.at(next_unit).name != name) ++next_unit;
    if (next_unit == kUnits.size()) return std::nullopt;
    const std::int64_t unit = kUnits.at(next_unit++).micros;
    if (number > (kLongest - sum) / unit) return std::nullopt;
    sum += number * unit;
  }
  return Duration{sum};
}

std::string ToString(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text = rest < 0 ? "-" : "";
  if (rest < 0) rest = -rest;
  for (const Unit& unit : kUnits) {
    // Years and weeks are read, but days say the same and are plainer.
    if (unit.name == "y" || unit.name == "w" || rest < unit.micros) continue;
    text += std::to_string(rest / unit.micros).append(unit.name);
    rest %= unit.micros;
  }
  return text;
}

std::string ToString(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  const auto fraction = static_cast<int>(clock.subseconds().count());
  int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  std::string result(text.data(), static_cast<std::size_t>(size));
  if (fraction != 0) {
    size = fraction % 1000 == 0 ? std::snprintf(text.data(), text.size(), ".%03d", fraction / 1000)
                                : std::snprintf(text.data(), text.size(), ".%06d", fraction);
    result.append(text.data(), static_cast<std::size_t>(size));
  }
  return result + "Z";
}

std::optional<UtcTime> ParseUtcTime(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  std::int64_t micros = 0;
  std::chrono::minutes offset{0};
  const bool read = TakeDigits(text, 4, year) && Take(text, "-") && TakeDigits(text, 2, month) &&
                    Take(text, "-") && TakeDigits(text, 2, day) && Take(text, "Tt ") &&
                    TakeDigits(text, 2, hours) && Take(text, ":") && TakeDigits(text, 2, minutes) &&
                    Take(text, ":") && TakeDigits(text, 2, seconds) && TakeFraction(text, micros) &&
                    TakeZone(text, offset) && text.empty();
  if (!read || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return UtcTime{std::chrono::sys_days{date}} + std::chrono::hours{hours} +
         std::chrono::minutes{minutes} + std::chrono::seconds{seconds} + Duration{micros} - offset;
}

double ToSeconds(UtcTime time) { return ToSeconds(time.time_since_epoch()); }

double ToSeconds(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

std::optional<UtcTime> UtcFromSeconds(double seconds) {
  constexpr double kYear1900 = -2'208'988'800.0;
  constexpr double kYear2200 = 7'258'118'400.0;
  if (!(seconds >= kYear1900 && seconds < kYear2200)) return std::nullopt;
  return UtcTime{Duration{std::llround(seconds * 1e6)}};
}

}  // namespace fleet_edge
