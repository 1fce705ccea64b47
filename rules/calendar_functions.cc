#include "rules/calendar_functions.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace fleet_edge::rules {
namespace {

constexpr std::uint64_t kSecondsPerDay = 86'400;

// Days are counted from 1 March of a year before all that 64 bits of seconds can name, the first of
// a cycle of 400 years: leap days come last in their year, and nothing is negative.
constexpr std::int64_t kYearZero = -292'277'022'400;
constexpr std::uint64_t kDaysPerCycle = 146'097;
constexpr std::uint64_t kDaysUntil1970 = 292'277'022'400 / 400 * kDaysPerCycle + 719'468;

std::uint64_t SecondsSinceYearZero(double seconds) {
  constexpr double kBound = 9'223'372'036'854'775'808.0;
  const bool fits = seconds >= -kBound && seconds < kBound;
  const std::int64_t whole =
      fits ? static_cast<std::int64_t>(seconds) : std::numeric_limits<std::int64_t>::min();
  // Wraps around as Go's does.
  return static_cast<std::uint64_t>(whole) + kDaysUntil1970 * kSecondsPerDay;
}

std::uint64_t DaysSinceYearZero(double seconds) {
  return SecondsSinceYearZero(seconds) / kSecondsPerDay;
}

bool IsLeap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

struct Date {
  std::int64_t year;
  int month;  // from 1
  int day;    // from 1

  explicit Date(double seconds) {
    const std::uint64_t days = DaysSinceYearZero(seconds);
    const std::uint64_t in_cycle = days % kDaysPerCycle;
    // Takes away the leap days that are over, so that years have the same length.
    const std::uint64_t years =
        (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    const auto in_year = static_cast<int>(in_cycle - (365 * years + years / 4 - years / 100));
    // From March on months are 31, 30, 31, 30, 31 days long, over and over: 153 in five.
    const int months = (5 * in_year + 2) / 153;
    day = in_year - (153 * months + 2) / 5 + 1;
    month = months < 10 ? months + 3 : months - 9;
    year = kYearZero + static_cast<std::int64_t>(days / kDaysPerCycle * 400 + years) +
           (month <= 2 ? 1 : 0);
  }

  int DaysInMonth() const {
    static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && IsLeap(year) ? 29 : kDays.at(static_cast<std::size_t>(month) - 1);
  }
};

}  // namespace

double MinuteOf(double seconds) {
  return static_cast<double>(SecondsSinceYearZero(seconds) / 60 % 60);
}

double HourOf(double seconds) {
  return static_cast<double>(SecondsSinceYearZero(seconds) / 3600 % 24);
}

double DayOfWeek(double seconds) {
  // 1 March of the first year of a cycle is a Wednesday, as in 2000.
  return static_cast<double>((DaysSinceYearZero(seconds) + 3) % 7);
}

double DayOfMonth(double seconds) { return Date(seconds).day; }

double DayOfYear(double seconds) {
  const Date date(seconds);
  static constexpr std::array<int, 12> kBefore{0,   31,  59,  90,  120, 151,
                                               181, 212, 243, 273, 304, 334};
  return kBefore.at(static_cast<std::size_t>(date.month) - 1) + date.day +
         (date.month > 2 && IsLeap(date.year) ? 1 : 0);
}

double DaysInMonth(double seconds) { return Date(seconds).DaysInMonth(); }
double MonthOf(double seconds) { return Date(seconds).month; }
double YearOf(double seconds) { return static_cast<double>(Date(seconds).year); }

}  // namespace fleet_edge::rules
