#include "drivers/replay/csv.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "drivers/rejections.h"
#include "drivers/replay/recording_options.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

CsvDecoder Decoder(std::string_view header, const RecordingOptions& options = {}) {
  auto decoder = CsvDecoder::Make(header, options);
  REQUIRE(decoder);
  return std::move(*decoder);
}

std::string Refused(std::string_view header, const RecordingOptions& options = {}) {
  return CsvDecoder::Make(header, options).error().message;
}

UtcTime At(Duration since_1970) { return UtcTime(since_1970); }

TEST_CASE("Csv: headers are series, with labels in quotes") {
  const CsvDecoder decoder =
      Decoder(R"(time,vehicle_speed_kmh,"cargo_celsius{zone=""1"",side=""left""}")");
  REQUIRE(decoder.targets().size() == 2);
  CHECK(decoder.targets()[0].signal == "vehicle_speed_kmh");
  CHECK(decoder.targets()[1].signal == "cargo_celsius");
  CHECK(decoder.targets()[1].labels == Labels{{"side", "left"}, {"zone", "1"}});
}

TEST_CASE("Csv: a row's time is seconds or ISO 8601") {
  CsvDecoder decoder = Decoder("time,engine_rpm");
  CsvDecoder::Row row;
  REQUIRE_FALSE(decoder.Decode("12.5,900", row));
  CHECK(row.time == At(12'500ms));
  REQUIRE_FALSE(decoder.Decode("2026-11-21T06:28:35.25Z,901", row));
  CHECK(row.time == ParseUtcTime("2026-11-21T06:28:35.25Z"));
  REQUIRE(row.values.size() == 1);
  CHECK(row.values[0].value == 901);
}

TEST_CASE("Csv: other headers are mapped by the configuration, and converted") {
  RecordingOptions options;
  options.time = {"cycSecs", "s"};
  options.signals = {{"vehicle_speed_kmh", {"cycMps", "m/s"}}};
  CsvDecoder decoder = Decoder("cycSecs,cycMps,cycGrade,cycRoadType", options);
  CsvDecoder::Row row;
  REQUIRE_FALSE(decoder.Decode("7,10,0,0", row));
  CHECK(row.time == At(7s));
  REQUIRE(row.values.size() == 1);
  CHECK(row.values[0].value == doctest::Approx(36));
}

TEST_CASE("Csv: blanks around cells and a comma at the end of rows don't count") {
  RecordingOptions options;
  options.time = {"ENGINE_RUN_TINE ()", "s"};
  options.signals = {{"engine_coolant_celsius", {"COOLANT_TEMPERATURE ()", ""}}};
  CsvDecoder decoder = Decoder("ENGINE_RUN_TINE (),COOLANT_TEMPERATURE ()", options);
  CsvDecoder::Row row;
  REQUIRE_FALSE(decoder.Decode("1330.000000, 89.000000,", row));
  CHECK(row.time == At(1330s));
  CHECK(row.values.at(0).value == 89);
}

TEST_CASE("Csv: without a time rows follow each other by the period, from the start") {
  RecordingOptions options;
  options.period = 500ms;
  options.start = "2026-11-21T06:00:00Z";
  CsvDecoder decoder = Decoder("engine_rpm", options);
  CsvDecoder::Row row;
  REQUIRE_FALSE(decoder.Decode("900", row));
  CHECK(row.time == ParseUtcTime("2026-11-21T06:00:00Z"));
  CHECK(decoder.Decode("900,1", row) == reason::kMalformed);
  REQUIRE_FALSE(decoder.Decode("902", row));
  CHECK(row.time == ParseUtcTime("2026-11-21T06:00:01Z"));
}

TEST_CASE("Csv: an empty cell is no reading, a cell that is no number is refused by its signal") {
  CsvDecoder decoder = Decoder("time,engine_rpm,fuel_percent,battery_volts");
  CsvDecoder::Row row;
  REQUIRE_FALSE(decoder.Decode("1,,n/a,12.6", row));
  REQUIRE(row.values.size() == 1);
  CHECK(row.values[0].target == 2);
  CHECK(row.wrong == std::vector<std::size_t>{1});
  REQUIRE_FALSE(decoder.Decode("1,nan,inf,0x10", row));
  CHECK(row.wrong.size() == 3);
}

TEST_CASE("Csv: rows that are out of shape are refused as a whole") {
  CsvDecoder decoder = Decoder("time,engine_rpm,fuel_percent");
  CsvDecoder::Row row;
  CHECK(decoder.Decode("1,900", row) == reason::kMalformed);      // the file ends within a row
  CHECK(decoder.Decode("1,900,5,6", row) == reason::kMalformed);  // a cell too many
  CHECK(decoder.Decode("1,\"900,5", row) == reason::kMalformed);  // a quote without an end
  CHECK(decoder.Decode("1,\"900\"x,5", row) == reason::kMalformed);
  CHECK(decoder.Decode(",900,5", row) == reason::kBadTime);
  CHECK(decoder.Decode("soon,900,5", row) == reason::kBadTime);
  CHECK(decoder.Decode("1e300,900,5", row) == reason::kBadTime);
}

TEST_CASE("Csv: numbers may stand in quotes") {
  CsvDecoder decoder = Decoder("time,engine_rpm");
  CsvDecoder::Row row;
  REQUIRE_FALSE(decoder.Decode(R"( "1" , "900.5" )", row));
  CHECK(row.values.at(0).value == 900.5);
}

TEST_CASE("Csv: a header that doesn't fit is refused with the mend") {
  CHECK(Refused("cycSecs,cycMps") ==
        "no column 'time' in the header. Name the one that holds the time with `time: {column: "
        "…}`, or give `period: 1s`, under `drivers: [{replay: …}]` of the configuration; "
        "`fleet-edge replay` takes one with -c");
  CHECK(Refused("Time,engine_rpm")
            .starts_with("no column 'time' in the header. Name the one that holds the time with "
                         "`time: {column: Time}`, or"));
  CHECK(Refused("time,Engine Speed") ==
        "'Engine Speed' is no signal: a name has letters, digits and _ only. Map the columns with "
        "`signals: {name: {column: …}}`, under `drivers: [{replay: …}]` of the configuration; "
        "`fleet-edge replay` takes one with -c");
  CHECK(Refused("time,\"a") == "a quote in the header has no end. Is it a CSV?");
  RecordingOptions options;
  options.signals = {{"vehicle_speed_kmh", {"cycMsp", "m/s"}}};
  CHECK(Refused("time,cycMps", options) ==
        "no column 'cycMsp' in the header. Did you mean 'cycMps'?");
}

TEST_CASE("Csv: a byte order mark is passed over") {
  CHECK(Decoder("\xEF\xBB\xBFtime,engine_rpm").targets().size() == 1);
}

TEST_CASE("Csv: spoilt rows never crash, and values are finite") {
  const std::vector<std::string> corpus = Corpus("csv");
  REQUIRE(corpus.size() > 3);
  CsvDecoder decoder = Decoder("time,engine_rpm,fuel_percent");
  CsvDecoder::Row row;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < 50'000; ++i) {
    const std::string line = Mutate(corpus[i % corpus.size()], random);
    if (decoder.Decode(line, row)) continue;
    for (const CsvDecoder::Value& value : row.values) REQUIRE(std::isfinite(value.value));
    static_cast<void>(CsvDecoder::Make(line, {}).has_value());
  }
}

}  // namespace
}  // namespace fleet_edge::drivers
