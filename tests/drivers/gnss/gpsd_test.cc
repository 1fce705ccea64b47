#include "drivers/gnss/gpsd.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
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

using Kind = GpsdMessage::Kind;

/// Decodes one line; views into `decoder` stay valid in `message`.
GpsdMessage Read(GpsdDecoder& decoder, std::string_view line) {
  GpsdMessage message;
  CHECK_FALSE(decoder.Decode(line, message).has_value());
  return message;
}

std::string Refused(std::string_view line) {
  GpsdDecoder decoder;
  GpsdMessage message;
  return std::string(decoder.Decode(line, message).value_or("read"));
}

TEST_CASE("Gpsd: a TPV has time, position and velocity in the catalogue's units") {
  GpsdDecoder decoder;
  const GpsdMessage message = Read(
      decoder,
      R"({"class":"TPV","device":"/dev/ttyUSB0","mode":3,"time":"2022-09-11T19:15:33.980Z","lat":36.763803983,"lon":31.410876250,"altHAE":-48.3000,"altMSL":-80.3000,"alt":-80.3000,"track":226.8000,"magtrack":223.2,"speed":10,"climb":9.5})");
  CHECK(message.kind == Kind::kFix);
  CHECK(message.device == "/dev/ttyUSB0");
  const GnssReport& report = message.report;
  CHECK(report.time == ParseUtcTime("2022-09-11T19:15:33.980Z"));
  CHECK(report.latitude_deg == 36.763803983);
  CHECK(report.longitude_deg == 31.410876250);
  CHECK(report.altitude_m == -80.3);
  CHECK(report.heading_deg == 226.8);
  CHECK(report.speed_kmh == 36);
  CHECK(report.fix == 3);
  CHECK_FALSE(report.doubtful);
}

TEST_CASE("Gpsd: the altitude is that above the sea, and of a three-dimensional fix") {
  GpsdDecoder decoder;
  const auto altitude = [&](std::string_view fields) {
    const std::string line = R"({"class":"TPV",)" + std::string(fields) + "}";
    return Read(decoder, line).report.altitude_m.value_or(-1);
  };
  CHECK(altitude(R"("mode":3,"alt":7)") == 7);
  CHECK(altitude(R"("mode":3,"altHAE":7)") == -1);
  CHECK(altitude(R"("mode":2,"altMSL":7,"alt":7)") == -1);
}

TEST_CASE("Gpsd: without a fix the rest of a TPV is old news; a simulation is doubtful") {
  GpsdDecoder decoder;
  const GpsdMessage none =
      Read(decoder, R"({"class":"TPV","device":"a","mode":1,"lat":1,"lon":2,"speed":3})");
  CHECK(none.report.fix == 1);
  CHECK_FALSE(none.report.latitude_deg);
  CHECK_FALSE(none.report.speed_kmh);
  CHECK(Read(decoder, R"({"class":"TPV","mode":2,"status":8,"lat":1,"lon":2})").report.doubtful);
}

TEST_CASE("Gpsd: what gpsd says of itself and its devices") {
  GpsdDecoder decoder;
  CHECK(Read(decoder, R"({"class":"VERSION","release":"3.22","proto_major":3,"proto_minor":14})")
            .protocol == 3);
  CHECK(Read(decoder, R"({"class":"DEVICES","devices":[{"path":"/dev/a"}]})").device == "/dev/a");
  CHECK(Read(decoder, R"({"class":"DEVICES","devices":[]})").device.empty());
  CHECK(Read(decoder, R"({"class":"DEVICE","path":"/dev/a","activated":"2026-11-21T22:06:56Z"})")
            .active);
  const GpsdMessage lost = Read(decoder, R"({"class":"DEVICE","path":"/dev/a","activated":0})");
  CHECK(lost.device == "/dev/a");
  CHECK_FALSE(lost.active);
  CHECK(Read(decoder, R"({"class":"ERROR","message":"no such device"})").text == "no such device");
  const GpsdMessage sky = Read(decoder, R"({"class":"SKY","device":"a","hdop":1.5,"uSat":9})");
  CHECK(sky.report.hdop == 1.5);
  CHECK(sky.report.satellites == 9);
}

TEST_CASE("Gpsd: what can't be used is refused with its reason") {
  CHECK(Refused("") == reason::kMalformed);
  CHECK(Refused("[]") == reason::kMalformed);
  CHECK(Refused(R"({"class":"TPV","mode":3,"lat":12.)") == reason::kMalformed);  // cut
  CHECK(Refused(R"(,"lon":31.4,"speed":0.9})") == reason::kMalformed);
  CHECK(Refused(R"({"class":7})") == reason::kMalformed);
  CHECK(Refused(R"({"class":"TPV","mode":4})") == reason::kMalformed);
  CHECK(Refused(R"({"class":"TPV","mode":2.5})") == reason::kMalformed);
  CHECK(Refused(R"({"class":"TPV"})") == reason::kMissing);
  CHECK(Refused(R"({"class":"TPV","mode":"3"})") == reason::kWrongType);
  CHECK(Refused(R"({"class":"TPV","mode":3,"speed":1e308})") == reason::kWrongType);
  CHECK(Refused(R"({"class":"TPV","mode":3,"time":"yesterday"})") == reason::kBadTime);
  CHECK(Refused(R"({"class":"WATCH","enable":true})") == reason::kUnreadType);
}

TEST_CASE("Gpsd: spoilt messages never crash, and values are finite") {
  const std::vector<std::string> corpus = Corpus("gpsd");
  REQUIRE(corpus.size() > 10);
  GpsdDecoder decoder;
  std::mt19937 random(1);
  std::size_t read = 0;
  for (std::size_t i = 0; i < 20'000; ++i) {
    GpsdMessage message;
    if (!decoder.Decode(Mutate(corpus[i % corpus.size()], random), message)) ++read;
    for (const GnssValue& value : kGnssValues) {
      const auto& number = message.report.*value.value;
      if (number) REQUIRE(std::isfinite(*number));
    }
  }
  CHECK(read > 1000);
}

}  // namespace
}  // namespace fleet_edge::drivers
