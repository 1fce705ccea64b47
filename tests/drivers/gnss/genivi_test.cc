#include "drivers/gnss/genivi.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/rejections.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::string_view kTime = "7860,0,$GVGNSTIM,7810,2016,01,23,20,39,52,000,00,0,0X00000003";

/// A decoder that knows the time.
GeniviDecoder Timed() {
  GeniviDecoder decoder;
  GeniviDecoder::Sample sample;
  CHECK_FALSE(decoder.Decode(kTime, sample).has_value());
  return decoder;
}

std::string Position(std::string_view status, std::string_view bits) {
  return "8858,0,$GVGNSPOS,8808,49.0247210,12.0567590, 336.7, "
         "382.8,10.0,9999.0,177.37,3.7,2.2,3.0,05,9999,9999,"
         "11.1,20.0,9999.0,9999.0,9999.0," +
         std::string(status) + ",0X00000001,0X00000001,0X00000001," + std::string(bits);
}

TEST_CASE("Genivi: a position has what its valid bits say, at the time of its own clock") {
  GeniviDecoder decoder = Timed();
  GeniviDecoder::Sample sample;
  REQUIRE_FALSE(decoder.Decode(Position("3", "0X003C67DF"), sample));
  CHECK(sample.gnss.time == ParseUtcTime("2016-01-23T20:39:52.998Z"));
  CHECK(sample.gnss.latitude_deg == 49.0247210);
  CHECK(sample.gnss.longitude_deg == 12.0567590);
  CHECK(sample.gnss.altitude_m == 336.7);
  CHECK(sample.gnss.speed_kmh.value() == doctest::Approx(36));
  CHECK(sample.gnss.heading_deg == 177.37);
  CHECK(sample.gnss.hdop == 2.2);
  CHECK(sample.gnss.satellites == 5);
  CHECK(sample.gnss.fix == 3);

  REQUIRE_FALSE(decoder.Decode(Position("2", "0X003C0053"), sample));
  CHECK(sample.gnss.latitude_deg);
  CHECK_FALSE(sample.gnss.altitude_m);
  CHECK_FALSE(sample.gnss.hdop);
  CHECK(sample.gnss.fix == 2);
}

TEST_CASE("Genivi: a year that GPS can't tell is refused") {
  for (const std::string_view year : {"1979", "2201", "32767", "-1", "99999"}) {
    GeniviDecoder decoder;
    GeniviDecoder::Sample sample;
    const std::string line =
        "7860,0,$GVGNSTIM,7810," + std::string(year) + ",01,23,20,39,52,000,00,0,0X00000003";
    CAPTURE(year);
    CHECK(decoder.Decode(line, sample) == reason::kMalformed);
  }
}

TEST_CASE("Genivi: without a fix the repeated position counts for nothing") {
  GeniviDecoder decoder = Timed();
  GeniviDecoder::Sample sample;
  for (const std::string_view status : {"0", "1"}) {
    REQUIRE_FALSE(decoder.Decode(Position(status, "0X003C67DF"), sample));
    CHECK(sample.gnss.fix == 1);
    CHECK_FALSE(sample.gnss.latitude_deg);
    CHECK_FALSE(sample.gnss.speed_kmh);
  }
}

TEST_CASE("Genivi: accelerations are the vehicle's axes") {
  GeniviDecoder decoder = Timed();
  GeniviDecoder::Sample sample;
  REQUIRE_FALSE(
      decoder.Decode("7910,0,$GVSNSACC,7908,-0.2860, 0.3737, 9.5735,  8.4,0X0000000F", sample));
  CHECK(sample.gnss.time == ParseUtcTime("2016-01-23T20:39:52.098Z"));
  CHECK(sample.acceleration.longitudinal_mps2 == -0.2860);
  CHECK(sample.acceleration.lateral_mps2 == 0.3737);
  CHECK(sample.acceleration.vertical_mps2 == 9.5735);
  REQUIRE_FALSE(
      decoder.Decode("7910,0,$GVSNSACC,7908,-0.2860, 0.3737, 9.5735,  8.4,0X0000000D", sample));
  CHECK_FALSE(sample.acceleration.lateral_mps2);
}

TEST_CASE("Genivi: before the first UTC samples have no time") {
  GeniviDecoder decoder;
  GeniviDecoder::Sample sample;
  CHECK(decoder.Decode("7010,0,$GVSNSACC,7008, 0.2394, 0.5375,10.8212,  7.2,0X0000000F", sample) ==
        reason::kBadTime);
  CHECK_FALSE(decoder.Decode("7860,0,$GVGNSTIM,7810,2016,01,23,20,39,52,000,00,0,0X00000001",
                             sample));  // no date
  CHECK_FALSE(decoder.Decode("7860,0,$GVGNSTIM,7810,2016,01,23,20,39,52,000,01,0,0X00000007",
                             sample));  // GPS time
  CHECK(decoder.Decode("7010,0,$GVSNSACC,7008, 0.2394, 0.5375,10.8212,  7.2,0X0000000F", sample) ==
        reason::kBadTime);
}

TEST_CASE("Genivi: what is out of shape is refused with its reason") {
  GeniviDecoder decoder = Timed();
  GeniviDecoder::Sample sample;
  const auto refused = [&](std::string_view line) {
    return std::string(decoder.Decode(line, sample).value_or("read"));
  };
  CHECK(refused("0,0$GVGNSVER,4,0,0") == reason::kUnreadType);
  CHECK(refused("7110,0,$GVSNSGYR,7108,  2.40,  5.00,  7.00,  7.4,0X0000000F") ==
        reason::kUnreadType);
  CHECK(refused("7110,0") == reason::kMalformed);
  CHECK(refused("7910,0,$GVSNSACC,7908,-0.2860, 0.3737") == reason::kMalformed);
  CHECK(refused("7910,0,$GVSNSACC,soon,-0.2860, 0.3737, 9.5735,  8.4,0X0000000F") ==
        reason::kMalformed);
  CHECK(refused("7910,0,$GVSNSACC,7908,-0.2860, fast, 9.5735,  8.4,0X0000000F") ==
        reason::kMalformed);
  CHECK(refused("7910,0,$GVSNSACC,7908,-0.2860, 0.3737, 9.5735,  8.4,15") == reason::kMalformed);
  CHECK(refused("7860,0,$GVGNSTIM,7810,2016,13,23,20,39,52,000,00,0,0X00000003") ==
        reason::kMalformed);
  CHECK(refused("7860,0,$GVGNSTIM,7810,2016,01,23,24,39,52,000,00,0,0X00000003") ==
        reason::kMalformed);
  CHECK(refused(Position("9", "0X003C67DF")) == reason::kMalformed);
  CHECK(refused(Position("3", "0X003C67DF") + ",1") == reason::kMalformed);
}

TEST_CASE("Genivi: spoilt lines never crash, and values are finite") {
  const std::vector<std::string> corpus = Corpus("genivi");
  REQUIRE(corpus.size() > 5);
  GeniviDecoder decoder = Timed();
  GeniviDecoder::Sample sample;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < 50'000; ++i) {
    if (decoder.Decode(Mutate(corpus[i % corpus.size()], random), sample)) continue;
    if (sample.gnss.latitude_deg) REQUIRE(std::isfinite(*sample.gnss.latitude_deg));
    if (sample.acceleration.vertical_mps2)
      REQUIRE(std::isfinite(*sample.acceleration.vertical_mps2));
  }
}

}  // namespace
}  // namespace fleet_edge::drivers
