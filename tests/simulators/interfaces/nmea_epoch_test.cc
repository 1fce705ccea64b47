#include "simulators/interfaces/nmea_epoch.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;

constexpr VehicleState::Gnss kFix{.fix = 3,
                                  .latitude_deg = 48.1173,
                                  .longitude_deg = 11.516666667,
                                  .altitude_m = 545.44,
                                  .heading_deg = 84.404,
                                  .speed_kmh = 41.4848,
                                  .hdop = 0.9,
                                  .satellites = 8};

std::vector<std::string> Lines(const VehicleState::Gnss& gnss, UtcTime time) {
  std::vector<std::string> lines;
  const std::string text = NmeaEpoch(gnss, time);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

UtcTime At(const char* text) { return *ParseUtcTime(text); }

}  // namespace

TEST_CASE("NMEA epoch: checksums are those of the standard's examples") {
  CHECK(NmeaSentence("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,") ==
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n");
  CHECK(NmeaSentence("GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W") ==
        "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n");
}

TEST_CASE(
    "NMEA epoch: one moment is told by six kinds of sentences, no line beyond 82 characters") {
  const auto lines = Lines(kFix, At("1994-03-23T12:35:19.120Z"));
  REQUIRE(lines.size() == 7);
  CHECK(lines[0].starts_with(
      "$GPRMC,123519.12,A,4807.03800,N,01131.00000,E,22.40,84.40,230394,,,A*"));
  CHECK(lines[1].starts_with("$GPVTG,84.40,T,,M,22.40,N,41.48480,K,A*"));
  CHECK(lines[2].starts_with(
      "$GPGGA,123519.12,4807.03800,N,01131.00000,E,1,08,0.90,545.4,M,47.0,M,,*"));
  CHECK(lines[3].starts_with("$GPGSA,A,3,01,02,03,04,05,06,07,08,,,,,1.80,0.90,1.53*"));
  CHECK(lines[4].starts_with("$GPGSV,2,1,08,01,16,025,40,"));
  CHECK(lines[6].starts_with("$GPZDA,123519.12,23,03,1994,00,00*"));
  for (const std::string& line : lines) CHECK(line.size() <= 80);
}

TEST_CASE("NMEA epoch: without a fix a receiver tells the time and that it has none") {
  const auto lines = Lines({}, At("2026-11-21T23:59:59.990Z"));
  CHECK(lines[0].starts_with("$GPRMC,235959.99,V,,,,,,,211126,,,N*"));
  CHECK(lines[2].starts_with("$GPGGA,235959.99,,,,,0,00,,,M,,M,,*"));
  CHECK(lines[3].starts_with("$GPGSA,A,1,,,,,,,,,,,,,,,*"));
}

TEST_CASE("NMEA epoch: south, west, the date line and minutes that round up to a degree") {
  const VehicleState::Gnss gnss{.fix = 2,
                                .latitude_deg = -0.00000001,
                                .longitude_deg = -179.99999999,
                                .altitude_m = 0,
                                .heading_deg = 0,
                                .speed_kmh = 0,
                                .hdop = 1,
                                .satellites = 3};
  const auto lines = Lines(gnss, At("2026-01-01T00:00:00Z"));
  CHECK(lines[0].find(",0000.00000,S,18000.00000,W,") != std::string::npos);
  CHECK(AsNmeaTells(gnss).longitude_deg == -180);
}

TEST_CASE("NMEA epoch: what is told is what its numbers say") {
  const VehicleState::Gnss told = AsNmeaTells(kFix);
  CHECK(told.latitude_deg == doctest::Approx(48.1173).epsilon(1e-12));
  CHECK(told.altitude_m == doctest::Approx(545.4));
  CHECK(told.heading_deg == doctest::Approx(84.4));
  CHECK(told.speed_kmh == doctest::Approx(22.4 * 1.852));
  CHECK(AsNmeaTells(At("2026-11-21T10:00:00.129Z")) == At("2026-11-21T10:00:00.120Z"));
}

}  // namespace fleet_edge::simulators
