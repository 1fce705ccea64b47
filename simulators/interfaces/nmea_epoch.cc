#include "simulators/interfaces/nmea_epoch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ratio>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Gnss = VehicleState::Gnss;

constexpr double kKmhPerKnot = 1.852;
constexpr double kMinutes = 60;
constexpr double kMinuteSteps = 1e5;
constexpr int kMostInGsa = 12;
constexpr int kInGsv = 4;

double Rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

template <typename... T>
std::string Format(const char* form, T... values) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), form, values...);
  return text.data();
}

/// An angle in whole steps of 10⁻⁵ minutes, so that 59.999999 minutes become a degree.
std::int64_t Steps(double degrees) {
  return std::llround(std::abs(degrees) * kMinutes * kMinuteSteps);
}

/// `4807.03800,N`: NMEA 0183, 5.3.
std::string Angle(double degrees, int digits, char positive, char negative) {
  const std::int64_t steps = Steps(degrees);
  const auto whole = static_cast<std::int64_t>(kMinutes * kMinuteSteps);
  return Format("%0*d%08.5f,%c", digits, static_cast<int>(steps / whole),
                static_cast<double>(steps % whole) / kMinuteSteps,
                degrees < 0 ? negative : positive);
}

std::string Position(const Gnss& gnss) {
  return Angle(gnss.latitude_deg, 2, 'N', 'S') + "," + Angle(gnss.longitude_deg, 3, 'E', 'W');
}

std::string Clock(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  return Format("%02d%02d%02d.%02d", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count() / 10));
}

std::string Date(UtcTime time, const char* form) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return Format(form, unsigned{date.day()}, unsigned{date.month()}, int{date.year()});
}

std::string ShortDate(UtcTime time) {
  const std::string date = Date(time, "%02u%02u%04d");
  return date.substr(0, 4) + date.substr(6);
}

/// Course and speed: `82.10,N`.
std::string Rmc(const Gnss& gnss, UtcTime time) {
  const std::string head = "GPRMC," + Clock(time);
  if (gnss.fix < 2) return head + ",V,,,,,,," + ShortDate(time) + ",,,N";
  return head + ",A," + Position(gnss) + Format(",%.2f,", gnss.speed_kmh / kKmhPerKnot) +
         Format("%.2f,", gnss.heading_deg) + ShortDate(time) + ",,,A";
}

std::string Vtg(const Gnss& gnss) {
  if (gnss.fix < 2) return "GPVTG,,T,,M,,N,,K,N";
  const double knots = Rounded(gnss.speed_kmh / kKmhPerKnot, 100);
  return Format("GPVTG,%.2f,T,,M,%.2f,N,%.5f,K,A", gnss.heading_deg, knots, knots * kKmhPerKnot);
}

std::string Gga(const Gnss& gnss, UtcTime time) {
  if (gnss.fix < 2) return "GPGGA," + Clock(time) + ",,,,,0,00,,,M,,M,,";
  const std::string altitude = gnss.fix == 3 ? Format("%.1f", gnss.altitude_m) : std::string();
  return "GPGGA," + Clock(time) + "," + Position(gnss) +
         Format(",1,%02d,%.2f,", gnss.satellites, gnss.hdop) + altitude + ",M,47.0,M,,";
}

std::string Gsa(const Gnss& gnss) {
  std::string text = Format("GPGSA,A,%d", std::max(gnss.fix, 1));
  for (int satellite = 1; satellite <= kMostInGsa; ++satellite) {
    const bool used = gnss.fix >= 2 && satellite <= gnss.satellites;
    text += used ? Format(",%02d", satellite) : ",";
  }
  if (gnss.fix < 2) return text + ",,,";
  return text + Format(",%.2f,%.2f,%.2f", 2 * gnss.hdop, gnss.hdop, 1.7 * gnss.hdop);
}

/// Satellites in view, four a sentence: number, elevation, azimuth, signal.
std::string Gsv(const Gnss& gnss) {
  const int sentences = std::max(1, (gnss.satellites + kInGsv - 1) / kInGsv);
  std::string all;
  for (int sentence = 1; sentence <= sentences; ++sentence) {
    std::string text = Format("GPGSV,%d,%d,%02d", sentences, sentence, gnss.satellites);
    const int last = std::min(sentence * kInGsv, gnss.satellites);
    for (int satellite = (sentence - 1) * kInGsv + 1; satellite <= last; ++satellite) {
      text += Format(",%02d,%02d,%03d,%02d", satellite, 10 + 6 * satellite, 25 * satellite, 40);
    }
    all += NmeaSentence(text);
  }
  return all;
}

}  // namespace

std::string NmeaSentence(std::string_view body) {
  unsigned sum = 0;
  for (const char c : body) sum ^= static_cast<unsigned char>(c);
  return "$" + std::string(body) + Format("*%02X\r\n", sum);
}

std::string NmeaEpoch(const Gnss& gnss, UtcTime time) {
  return NmeaSentence(Rmc(gnss, time)) + NmeaSentence(Vtg(gnss)) + NmeaSentence(Gga(gnss, time)) +
         NmeaSentence(Gsa(gnss)) + Gsv(gnss) +
         NmeaSentence("GPZDA," + Clock(time) + "," + Date(time, "%02u,%02u,%04d") + ",00,00");
}

Gnss AsNmeaTells(const Gnss& gnss) {
  const auto angle = [](double degrees) {
    const double steps = static_cast<double>(Steps(degrees));
    return std::copysign(steps / kMinuteSteps / kMinutes, degrees);
  };
  Gnss told = gnss;
  told.latitude_deg = angle(gnss.latitude_deg);
  told.longitude_deg = angle(gnss.longitude_deg);
  told.altitude_m = Rounded(gnss.altitude_m, 10);
  told.heading_deg = Rounded(gnss.heading_deg, 100);
  told.speed_kmh = Rounded(gnss.speed_kmh / kKmhPerKnot, 100) * kKmhPerKnot;
  told.hdop = Rounded(gnss.hdop, 100);
  return told;
}

UtcTime AsNmeaTells(UtcTime time) {
  return std::chrono::floor<std::chrono::duration<std::int64_t, std::centi>>(time);
}

}  // namespace fleet_edge::simulators
