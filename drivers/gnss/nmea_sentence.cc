#include "drivers/gnss/nmea_sentence.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Two digits at `at`, or nothing.
std::optional<int> TwoDigits(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  if (!digit(at) || !digit(at + 1)) return std::nullopt;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

std::optional<std::chrono::sys_days> Date(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

}  // namespace

std::optional<std::string_view> NmeaSentence::Read(std::string_view line) {
  count_ = 0;
  overflowed_ = false;
  if (line.size() > kMaxLength) return reason::kTooLarge;
  if (!line.starts_with('$')) return reason::kMalformed;
  const std::size_t star = line.rfind('*');
  const std::size_t end = star == std::string_view::npos ? line.size() : star;
  unsigned char sum = 0;
  std::size_t begin = 1;
  for (std::size_t at = 1; at < end; ++at) {
    const char c = line[at];
    if (c == '$') return reason::kMalformed;
    sum ^= static_cast<unsigned char>(c);
    if (c != ',') continue;
    if (count_ + 1 < kMaxFields) {
      fields_[count_++] = line.substr(begin, at - begin);
    } else {
      overflowed_ = true;
    }
    begin = at + 1;
  }
  fields_[count_++] = line.substr(begin, end - begin);
  if (star == std::string_view::npos) return reason::kNoChecksum;
  const auto told = ParseInteger<std::uint8_t>(line.substr(star + 1), 16);
  if (!told || line.size() - star != 3 || sum != *told) return reason::kChecksum;
  return std::nullopt;
}

std::string_view NmeaSentence::type() const {
  const std::string_view address = (*this)[0];
  return address.size() == 5 && address[0] != 'P' ? address.substr(2) : std::string_view();
}

std::optional<Duration> ParseNmeaTime(std::string_view text) {
  const auto hour = TwoDigits(text, 0);
  const auto minute = TwoDigits(text, 2);
  const auto second = TwoDigits(text, 4);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  Duration fraction{};
  if (text.size() > 6) {
    const auto part = text[6] == '.' ? ParseNumber(text.substr(6)) : std::nullopt;
    if (!part || *part >= 1) return std::nullopt;
    fraction = Duration(std::llround(*part * 1e6));
  }
  return hours(*hour) + minutes(*minute) + seconds(*second) + fraction;
}

std::optional<std::chrono::sys_days> ParseNmeaDate(std::string_view text) {
  const auto day = TwoDigits(text, 0);
  const auto month = TwoDigits(text, 2);
  const auto year = TwoDigits(text, 4);
  if (text.size() != 6 || !day || !month || !year) return std::nullopt;
  return Date(*year < 80 ? 2000 + *year : 1900 + *year, *month, *day);
}

std::optional<std::chrono::sys_days> ParseNmeaDate(std::string_view day, std::string_view month,
                                                   std::string_view year) {
  const auto day_of_month = ParseInteger<std::uint8_t>(day);
  const auto month_of_year = ParseInteger<std::uint8_t>(month);
  const auto full_year = ParseInteger<std::uint16_t>(year);
  if (!day_of_month || !month_of_year || !full_year || *full_year < 1980 || *full_year > 2079) {
    return std::nullopt;
  }
  return Date(*full_year, *month_of_year, *day_of_month);
}

std::optional<double> ParseNmeaAngle(std::string_view text, std::string_view hemisphere, char plus,
                                     char minus, double max) {
  const std::size_t point = std::min(text.find('.'), text.size());
  if (point < 3 || hemisphere.size() != 1) return std::nullopt;
  const auto degrees = ParseInteger<unsigned>(text.substr(0, point - 2));
  const auto in_minutes = ParseNumber(text.substr(point - 2));
  if (!degrees || !in_minutes || !(*in_minutes >= 0) || *in_minutes >= 60) return std::nullopt;
  const double angle = *degrees + *in_minutes / 60;
  if (angle > max) return std::nullopt;
  if (hemisphere[0] == plus) return angle;
  if (hemisphere[0] == minus) return -angle;
  return std::nullopt;
}

}  // namespace fleet_edge::drivers
