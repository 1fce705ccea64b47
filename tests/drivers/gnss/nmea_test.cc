#include "drivers/gnss/nmea.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/rejections.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

/// `$body*checksum`.
std::string Sentence(std::string_view body) {
  unsigned sum = 0;
  for (const char c : body) sum ^= static_cast<unsigned char>(c);
  std::array<char, 4> hex{};
  std::snprintf(hex.data(), hex.size(), "*%02X", sum);
  return "$" + std::string(body) + hex.data();
}

/// All reports that the sentences (without frame) make.
std::vector<GnssReport> Reports(std::initializer_list<std::string_view> bodies) {
  NmeaDecoder decoder;
  std::vector<GnssReport> reports;
  for (const std::string_view body : bodies) {
    std::optional<GnssReport> done;
    CAPTURE(body);
    CHECK_FALSE(decoder.Decode(Sentence(body), done).has_value());
    if (done) reports.push_back(*done);
  }
  if (const auto last = decoder.Finish()) reports.push_back(*last);
  return reports;
}

std::string Refused(std::string_view line) {
  std::optional<GnssReport> done;
  return std::string(NmeaDecoder().Decode(line, done).value_or("read"));
}

constexpr std::string_view kRmc =
    "GPRMC,132820.60,A,4134.49821229,N,09345.03351845,W,3.252,92.308,180320,11.5985,E,D";

TEST_CASE("Nmea: RMC gives time, position, speed and heading") {
  const auto reports = Reports({kRmc});
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].time == ParseUtcTime("2020-03-18T13:28:20.600Z"));
  CHECK(reports[0].latitude_deg.value() == doctest::Approx(41.574970204833).epsilon(1e-12));
  CHECK(reports[0].longitude_deg.value() == doctest::Approx(-93.750558640833).epsilon(1e-12));
  CHECK(reports[0].speed_kmh.value() == doctest::Approx(3.252 * 1.852));
  CHECK(reports[0].heading_deg == 92.308);
  CHECK_FALSE(reports[0].altitude_m);
}

TEST_CASE("Nmea: sentences of one epoch are one report") {
  const auto reports =
      Reports({"GPGGA,191503.01,3645.876324,N,03124.670280,E,1,04,1.3,-6.7,M,32.0,M,,",
               "GAGGA,191503.01,3645.876324,N,03124.670280,E,1,01,1.3,-6.7,M,32.0,M,,",
               "GPVTG,300.5,T,296.9,M,1.3,N,2.3,K,A",
               "GPRMC,191503.01,A,3645.876324,N,03124.670280,E,1.3,300.5,110922,3.6,E,A,V",
               "GARMC,191503.01,A,3645.876324,N,03124.670280,E,9.9,1.0,110922,3.6,E,A,V"});
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].time == ParseUtcTime("2022-09-11T19:15:03.010Z"));
  CHECK(reports[0].satellites == 4);
  CHECK(reports[0].hdop == 1.3);
  CHECK(reports[0].altitude_m == -6.7);
  CHECK(reports[0].speed_kmh.value() == doctest::Approx(1.3 * 1.852));
  CHECK(reports[0].heading_deg == 300.5);
}

TEST_CASE("Nmea: VTG with km/h alone is read as km/h") {
  const auto reports =
      Reports({"GPGGA,010203,0100.0,N,00200.0,E,1,04,1.3,1,M,,M,,", "GPVTG,,T,,M,,N,36.5,K"});
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].speed_kmh == 36.5);
  CHECK_FALSE(reports[0].time);  // no RMC has told the date
}

/// `fix 1` where the sentences make one report, which says so and nothing else.
std::string Said(std::initializer_list<std::string_view> bodies) {
  const auto reports = Reports(bodies);
  if (reports.size() != 1) return std::to_string(reports.size()) + " reports";
  std::string said;
  for (const GnssValue& value : kGnssValues) {
    const auto& number = reports[0].*value.value;
    if (number)
      said += std::string(value.signal) + " " + std::to_string(std::lround(*number)) + " ";
  }
  return said + (reports[0].doubtful ? "doubtful" : "good");
}

TEST_CASE("Nmea: without a fix there are no values") {
  const std::string_view none = "gnss_fix 1 good";
  CHECK(Said({"GPRMC,095255.810,V,2712.6404,S,15303.1201,E,0.00,0.00,080407,,,A"}) ==
        none);  // mode A, status V
  CHECK(Said({"GPRMC,095255.810,V,8960.0000,N,00000.0000,E,0.00,0.00,080407,,,N"}) == none);
  CHECK(Said({"GPRMC,095255.810,A,2712.6404,S,15303.1201,E,0.00,0.00,080407,,,N"}) == none);
  CHECK(Said({"GPRMC,,V,,,,,,,,,,N", "GPGGA,,,,,,0,,,,,,,,", "GPVTG,,T,,M,,N,,K,N"}) == none);
  CHECK(Said({"GNGNS,191434.96,,,,,NNN,,,,,,", "GPGSA,A,1,,,,,,,,,,,,,,,",
              "GPGGA,,,,,,0,,,,,,,,"}) == none);
  CHECK(Said({"GPGGA,095257.809,2712.6404,S,15303.1201,E,0,00,00.0,4.0,M,42.2,M,,",
              "GPVTG,0.00,T,,,0.00,N,0.00,K,A"}) == none);
  CHECK(Said({"GPGGA,095257,2712.6404,S,15303.1201,E,1,04,1.0,4.0,M,42.2,M,,",
              "GPRMC,095257,V,2712.6404,S,15303.1201,E,0.00,0.00,080407,,,A"}) == none);
}

TEST_CASE("Nmea: a fix by no satellite is none, unless it is dead reckoning") {
  CHECK(Said({"GPGGA,095304.802,2712.6520,S,15303.1397,E,1,00,17.0,3.0,M,42.2,M,,",
              "GPRMC,095304.802,A,2712.6520,S,15303.1397,E,0.00,133.96,080407,,,A"}) ==
        "gnss_fix 1 good");
  CHECK(Said({"GPGGA,095304,2712.6520,S,15303.1397,E,6,00,17.0,3.0,M,42.2,M,,"}) ==
        "latitude_deg -27 longitude_deg 153 altitude_m 3 gnss_hdop 17 gnss_satellites 0 gnss_fix 3 "
        "good");
}

TEST_CASE("Nmea: the fix is what GSA says, else what the values say") {
  const std::string_view rmc = "GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,A";
  const std::string_view gga = "GPGGA,000000,0000.0,N,00000.0,E,1,04,1.3,1,M,,M,,";
  const auto fix = [](std::initializer_list<std::string_view> bodies) {
    return Reports(bodies).at(0).fix;
  };
  CHECK(fix({rmc}) == 2);
  CHECK(fix({rmc, gga}) == 3);
  CHECK(fix({rmc, gga, "GPGSA,A,2,1,2,3,,,,,,,,,,3.2,1.5,2.8"}) == 2);
  // One satellite system has a fix, the other has not.
  CHECK(fix({rmc, gga, "GPGSA,A,1,,,,,,,,,,,,,,,", "GLGSA,A,2,1,2,3,,,,,,,,,,3.2,1.5,2.8"}) == 2);
  CHECK(Reports({rmc, "GPGSA,A,2,1,2,3,,,,,,,,,,3.2,1.5,2.8"}).at(0).hdop == 1.5);
}

TEST_CASE("Nmea: GNS counts the satellites of all systems") {
  const auto reports = Reports({"GPGGA,191531.98,3645.8,N,03124.6,E,1,03,1.5,-79.0,M,32.0,M,,",
                                "GNGNS,191531.98,3645.8,N,03124.6,E,AAN,09,1.5,-79.0,32.0,,,V"});
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].satellites == 9);
}

TEST_CASE("Nmea: what the receiver itself calls made up or unsafe is doubtful") {
  const auto doubtful = [](std::string_view body) { return Reports({body}).at(0).doubtful; };
  CHECK_FALSE(doubtful("GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,A,V"));
  CHECK_FALSE(doubtful("GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,E,S"));
  CHECK(doubtful("GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,A,U"));
  CHECK(doubtful("GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,S"));
  CHECK(doubtful("GPGGA,000000,0000.0,N,00000.0,E,8,04,1.3,1,M,,M,,"));
  CHECK(doubtful("GNGNS,000000,0000.0,N,00000.0,E,SN,09,1.5,1,32.0,,,V"));
  CHECK_FALSE(doubtful("GNGNS,000000,0000.0,N,00000.0,E,AS,09,1.5,1,32.0,,,V"));
}

/// What a decoder says when the receiver pauses after each of the sentences.
std::string Paced(std::initializer_list<std::string_view> bodies) {
  NmeaDecoder decoder;
  std::string said;
  for (const std::string_view body : bodies) {
    std::optional<GnssReport> done;
    CHECK_FALSE(decoder.Decode(Sentence(body), done).has_value());
    CHECK_FALSE(done);
    const auto report = decoder.Finish();
    said += report ? std::to_string(static_cast<int>(report->fix.value_or(0))) : "-";
    if (report && report->latitude_deg) said += "p";
    if (report && report->altitude_m) said += "a";
    said += " ";
  }
  return said;
}

TEST_CASE("Nmea: a pause ends an epoch; nothing of it is told twice") {
  const std::string_view rmc = "GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,A";
  const std::string_view gga = "GPGGA,000000,0000.0,N,00000.0,E,1,04,1.3,1,M,,M,,";
  CHECK(Paced({rmc, "GPRMC,000001,A,0000.0,N,00000.0,E,0,0,010126,,,A"}) == "2p 2p ");
  CHECK(Paced({rmc, rmc, gga, gga}) == "2p - 0a - ");
  CHECK(Paced({rmc, "GPVTG,300.5,T,296.9,M,1.3,N,2.3,K,A"}) == "2p - ");
}

TEST_CASE("Nmea: a lost fix is told again and again, also when the time stands still or is gone") {
  const std::string_view rmc = "GPRMC,000000,A,0000.0,N,00000.0,E,0,0,010126,,,A";
  const std::string_view lost = "GPRMC,000000,V,0000.0,N,00000.0,E,0,0,010126,,,N";
  CHECK(Paced({rmc, lost, lost}) == "2p 1 1 ");
  CHECK(Paced({rmc, "GPRMC,,V,,,,,,,,,,N", "GPGGA,,,,,,0,,,,,,,,"}) == "2p 1 1 ");
  CHECK(Paced({rmc, "GPGSA,A,1,,,,,,,,,,,,,,,", rmc}) == "2p 1 2p ");
}

TEST_CASE("Nmea: ZDA tells the date where RMC is not there, and before a fix it is not believed") {
  const std::string_view gga = "GPGGA,120000,0000.0,N,00000.0,E,1,04,1.3,1,M,,M,,";
  const auto reports = Reports({"GPZDA,115959,31,12,2079,00,00", gga, "GPZDA,120000,05,01,2026,,"});
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].time == ParseUtcTime("2026-01-05T12:00:00Z"));
  CHECK(Reports({gga, "GPZDA,,,,,,"}).size() == 1);
  CHECK(Paced({gga, "GPZDA,120000.04,05,01,2026,,"}) == "3pa - ");  // at a time of its own
  CHECK(Refused(Sentence("GPZDA,120000,32,01,2026,,")) == reason::kMalformed);
  CHECK(Refused(Sentence("GPZDA,120000,05,01,26,,")) == reason::kMalformed);
}

TEST_CASE("Nmea: a time that stands still gives one report, not one a second") {
  const auto reports = Reports({kRmc, kRmc, kRmc});
  CHECK(reports.size() == 1);
}

TEST_CASE("Nmea: the hemispheres, the equator, the date line and the poles") {
  const auto at = [](std::string_view position) {
    return Reports({"GNRMC,000000,A," + std::string(position) + ",0,0,010126,,,A"}).at(0);
  };
  CHECK(at("0000.0000,N,00000.0000,E").latitude_deg == 0);
  CHECK(at("0000.0060,S,00000.0060,W").latitude_deg.value() == doctest::Approx(-0.0001));
  CHECK(at("0000.0060,S,00000.0060,W").longitude_deg.value() == doctest::Approx(-0.0001));
  CHECK(at("9000.0000,S,18000.0000,W").latitude_deg == -90);
  CHECK(at("9000.0000,S,18000.0000,W").longitude_deg == -180);
  CHECK(at("0000.0000,N,17959.9999,E").longitude_deg.value() < 180);
}

TEST_CASE("Nmea: the date rolls over at midnight, also for sentences without one") {
  const auto reports = Reports({"GPRMC,235959,A,0100.0,N,00200.0,E,0,0,311225,,,A",
                                "GPGGA,000000,0100.0,N,00200.0,E,1,04,1.3,1,M,,M,,",
                                "GPGGA,000001,0100.0,N,00200.0,E,1,04,1.3,1,M,,M,,",
                                "GPRMC,000002,A,0100.0,N,00200.0,E,0,0,010126,,,A"});
  REQUIRE(reports.size() == 4);
  CHECK(reports[0].time == ParseUtcTime("2025-12-31T23:59:59Z"));
  CHECK(reports[1].time == ParseUtcTime("2026-01-01T00:00:00Z"));
  CHECK(reports[2].time == ParseUtcTime("2026-01-01T00:00:01Z"));
  CHECK(reports[3].time == ParseUtcTime("2026-01-01T00:00:02Z"));
}

TEST_CASE("Nmea: a sentence of before midnight that comes after it stays yesterday's") {
  const auto reports = Reports({"GPRMC,000000,A,0100.0,N,00200.0,E,0,0,010126,,,A",
                                "GPGGA,235959,0100.0,N,00200.0,E,1,04,1.3,1,M,,M,,"});
  REQUIRE(reports.size() == 2);
  CHECK(reports[1].time == ParseUtcTime("2025-12-31T23:59:59Z"));
}

TEST_CASE("Nmea: what is out of shape is refused with its reason") {
  CHECK(Refused("GPRMC,1") == reason::kMalformed);
  CHECK(Refused("") == reason::kMalformed);
  CHECK(Refused("$GPRMC,132820.60,A") == reason::kNoChecksum);
  CHECK(Refused("$GPRMC,132820.60,A*00") == reason::kChecksum);
  CHECK(Refused("$GPRMC,132820.60,A*4") == reason::kChecksum);
  CHECK(Refused(Sentence(kRmc) + "0") == reason::kChecksum);
  CHECK(Refused(Sentence(std::string(kRmc) + "$GPRMC")) == reason::kMalformed);
  CHECK(Refused(Sentence(std::string(kRmc) + std::string(20, ','))) == reason::kTooLarge);
  CHECK(Refused(Sentence("GPGSV,3,1,12,2,15,123,,5,45,347,45")) == reason::kUnreadType);
  CHECK(Refused(Sentence("PQGSV,1")) == reason::kUnreadType);
  CHECK(Refused(Sentence("")) == reason::kUnreadType);
}

TEST_CASE("Nmea: fields that can't be are malformed in spite of a good checksum") {
  for (const std::string_view body :
       {"GPRMC,240000,A,0100.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,1328,A,0100.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000x,A,0100.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,0160.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,9100.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,0100.0,N,18100.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,0100.0,X,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,0100.0,N,00200.0,,0,0,010126,,,A",
        "GPRMC,000000,A,0100.0,N,00200.0,E,fast,0,010126,,,A",
        "GPRMC,000000,A,0100.0,N,00200.0,E,0,0,320126,,,A",
        "GPRMC,000000,A,0100.0,N,00200.0,E,0,0,,,,A",
        "GPRMC,000000,B,0100.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,-100.0,N,00200.0,E,0,0,010126,,,A",
        "GPGGA,000000,0100.0,N,00200.0,E,1,04,1.3,1,F,,M,,",
        "GPRMC,000000.1e3,A,0100.0,N,00200.0,E,0,0,010126,,,A",
        "GPRMC,000000,A,0100.0,N,00200.0,E,+-5,0,010126,,,A",
        "GPGGA,000000,0100.0,N,00200.0,E,,04,1.3,1,M,,M,,",
        "GPVTG,north,T,,M,,N,36.5,K",
        "GPGSA,A,4,,,,,,,,,,,,,,,",
        "GPGSA,A,3,,,,,,,,,,,,,1,x,1",
        "GNGNS,191531.98,3645.8,N,03124.6,E,AAN,09,1.5,high,32.0,,,V"}) {
    CAPTURE(body);
    CHECK(Refused(Sentence(body)) == reason::kMalformed);
  }
}

TEST_CASE("Nmea: spoilt sentences never crash, and values are finite") {
  const std::vector<std::string> corpus = Corpus("nmea");
  REQUIRE(corpus.size() > 10);
  NmeaDecoder decoder;
  std::mt19937 random(1);
  std::size_t read = 0;
  for (std::size_t i = 0; i < 50'000; ++i) {
    std::string line = Mutate(corpus[i % corpus.size()], random);
    // Half of them with a checksum that fits, so that the fields are reached.
    if (i % 2 == 0 && line.size() > 4) line = Sentence(line.substr(1, line.rfind('*') - 1));
    std::optional<GnssReport> done;
    if (!decoder.Decode(line, done)) ++read;
    if (done && done->latitude_deg) REQUIRE(std::abs(*done->latitude_deg) <= 90);
    if (done && done->speed_kmh) REQUIRE(std::isfinite(*done->speed_kmh));
  }
  CHECK(read > 1000);
}

}  // namespace
}  // namespace fleet_edge::drivers
