#pragma once

namespace fleet_edge::rules {

/// What a UTC calendar says of a time in seconds since 1970: the proleptic Gregorian one, without
/// leap seconds. Fractions of a second are cut off. What no 64-bit count of seconds can hold, NaN
/// included, is the least of these, as in Prometheus on amd64.

double MinuteOf(double seconds);     ///< 0–59
double HourOf(double seconds);       ///< 0–23
double DayOfWeek(double seconds);    ///< 0 is Sunday
double DayOfMonth(double seconds);   ///< from 1
double DayOfYear(double seconds);    ///< from 1
double DaysInMonth(double seconds);  ///< 28–31
double MonthOf(double seconds);      ///< from 1
double YearOf(double seconds);

}  // namespace fleet_edge::rules
