#include "drivers/replay/recording.h"

#include <doctest/doctest.h>
#include <zconf.h>
#include <zlib.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/rejections.h"
#include "drivers/replay/recording_options.h"
#include "drivers/replay/replay_driver.h"
#include "tests/drivers/temporary_file.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

std::vector<Reading> ReadAll(World& world, const std::string& path,
                             const RecordingOptions& options = {}) {
  auto recording = OpenRecording(path, options, {"test", world.series, world.counters, 3});
  REQUIRE(recording);
  std::vector<Reading> readings;
  while ((*recording)->Next(readings)) {
  }
  CHECK_FALSE((*recording)->Next(readings));
  return readings;
}

/// One member of a gzip file.
std::string Gzip(std::string text) {
  z_stream zlib{};
  REQUIRE(::deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                         Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(::deflateBound(&zlib, text.size()), '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(text.data());
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(packed.data());
  zlib.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(::deflate(&zlib, Z_FINISH) == Z_STREAM_END);
  packed.resize(zlib.total_out);
  ::deflateEnd(&zlib);
  return packed;
}

std::string Refused(const std::string& path, const RecordingOptions& options = {}) {
  World world;
  return OpenRecording(path, options, {"test", world.series, world.counters}).error().message;
}

TEST_CASE("Recording: a CSV is read by its header, faults are counted by signal and reason") {
  const TemporaryFile file(
      "# a comment\ntime,engine_rpm,\"cargo_celsius{zone=\"\"1\"\"}\"\n1,900,4.5\n2,,x\n3,901\n");
  World world;
  const auto readings = ReadAll(world, file.path());
  REQUIRE(readings.size() == 2);
  CHECK(Show(readings[0]) == "engine_rpm 900 good");
  CHECK(Show(readings[1]) == "cargo_celsius{zone=\"1\"} 4.5 good");
  CHECK(readings[0].driver == 3);
  CHECK(world.Rejected(reason::kWrongType, "cargo_celsius") == 1);
  CHECK(world.Rejected(reason::kMalformed) == 1);
  CHECK(world.counters.Sum(kInputReadingsTotal) == 2);
}

TEST_CASE("Recording: an NMEA log is told by its content; every sentence is read or counted") {
  World world;
  const auto readings = ReadAll(world, "tests/data/gnss/haicom-305N.log");
  std::map<std::string, std::size_t> by_series;
  for (const Reading& reading : readings) ++by_series[reading.series->name];
  CHECK(by_series["latitude_deg"] == 67);
  CHECK(by_series["gnss_speed_kmh"] == 67);
  CHECK(by_series["altitude_m"] == 67);
  CHECK(by_series["gnss_fix"] == 67);                // what came before the first fix has no time
  CHECK(world.Rejected(reason::kUnreadType) == 79);  // GSV
  CHECK(world.counters.Sum(kInputRejectedTotal) == 79);
}

TEST_CASE("Recording: lines that end with a carriage return alone are lines") {
  World world;
  const auto readings = ReadAll(world, "tests/data/gnss/telit-pls83-w.log");
  CHECK(readings.size() == 10 * 7);  // no heading: it stands still
  CHECK(world.counters.Sum(kInputRejectedTotal) == world.Rejected(reason::kUnreadType));
}

TEST_CASE(
    "Recording: a GENIVI log is told by its content, its fix is believed before its position") {
  World world;
  const auto readings = ReadAll(world, "tests/data/genivi/regensburg-excerpt.log");
  std::map<std::string, std::size_t> by_series;
  for (const Reading& reading : readings) ++by_series[reading.series->name];
  CHECK(by_series["gnss_fix"] == 7);
  CHECK(by_series["latitude_deg"] == 5);  // two lines have no fix
  CHECK(by_series["accel_vertical_mps2"] > 30);
  CHECK(world.Rejected(reason::kBadTime) == 9);  // accelerations before the first time
  CHECK(readings.front().time == ParseUtcTime("2016-01-23T20:39:52Z"));
}

TEST_CASE("Recording: candump's lines are told by their content and read as J1939") {
  World world;
  const auto readings = ReadAll(world, "tests/drivers/corpus/candump/trip.log");
  std::map<std::string, double> values;
  for (const Reading& reading : readings) values[ToString(*reading.series)] = reading.value;
  CHECK(values == std::map<std::string, double>{{"ambient_celsius", -17},
                                                {"battery_volts", 27},
                                                {"cargo_celsius{zone=\"1\"}", -21},
                                                {"engine_coolant_celsius", 86},
                                                {"engine_rpm", 621},
                                                {"fuel_percent", 50},
                                                {"odometer_km", 15432},
                                                {"road_surface_celsius", 28},
                                                {"vehicle_speed_kmh", 80}});
  CHECK(readings.front().time == UtcTime{Duration{1'700'000'000'000'102}});
  CHECK(world.Rejected(reason::kUnreadType) == 4);  // OBD, two requests, CAN FD
  CHECK(world.Rejected(reason::kBusError) == 1);
}

TEST_CASE("Recording: an ASC log is told by its content and read as J1939") {
  World world;
  const auto readings = ReadAll(world, "tests/drivers/corpus/asc/trip.asc");
  REQUIRE(readings.size() == 5);
  CHECK(Show(readings[1]) == "engine_rpm 621 good");
  CHECK(readings[1].time == ParseUtcTime("2023-11-14T22:13:20.010442Z"));
  CHECK(world.Rejected(reason::kUnreadType) == 3);  // OBD, a request, CAN FD
}

TEST_CASE("Recording: a bus's log is read by a DBC file, beside J1939 where that is said") {
  const TemporaryFile log(
      "(1.000000) can0 100#1027F80112300000\n(1.100000) can0 0CF00400#FFFFFF6813FFFFFF\n"
      "(1.200000) can0 101#019CFF\n(1.300000) can0 18FEF100#FF0050FFFFFFFFFF\n");
  const std::string text =
      "path: a.log\ndbc: tests/drivers/corpus/dbc/truck.dbc\n"
      "signals: {vehicle_speed_kmh: {signal: WheelSpeed}, tire_kpa: {signal: Brakes.Pressure}}";
  const auto shown = [&](const std::string& more) {
    Diagnostics findings;
    ReplayOptions options;
    Section::Read(ParseYaml(text + more, "", findings), {"", findings}, options);
    CHECK(findings.empty());
    World world;
    std::string all;
    for (const Reading& reading : ReadAll(world, log.path(), options.recording)) {
      all += Show(reading) + ", ";
    }
    CHECK(world.Rejected(reason::kUnreadType) == (more.empty() ? 3 : 1));
    return all;
  };
  CHECK(shown("") == "tire_kpa 2410 good, vehicle_speed_kmh 100 good, ");
  // The catalogue's vehicle_speed_kmh gives way to the file's.
  CHECK(shown("\nj1939: true") ==
        "tire_kpa 2410 good, vehicle_speed_kmh 100 good, engine_rpm 621 good, ");
  Diagnostics findings;
  ReplayOptions options;
  Section::Read(ParseYaml("path: a.log\nj1939: false", "", findings), {"", findings}, options);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].what == "nothing would be read");
}

TEST_CASE("Recording: a file that can't be opened or read is told with the mend") {
  CHECK(Refused("/no/such/file.csv") ==
        "can't read the recording /no/such/file.csv: No such file or directory");
  CHECK(Refused("/") == "can't read the recording /: Is a directory");
  const TemporaryFile empty("");
  CHECK(Refused(empty.path()) == "can't read the recording " + empty.path() + ": it is empty");
  const TemporaryFile comments("# nothing\n");
  CHECK(Refused(comments.path()) ==
        "the recording " + comments.path() + " holds nothing but comments");
  const TemporaryFile cycle("cycSecs,cycMps\n0,0\n");
  CHECK(Refused(cycle.path())
            .starts_with(cycle.path() + ":1: no column 'time' in the header. Name the one"));
}

TEST_CASE("Recording: a gzip file is told by its content, of one member or several") {
  const std::string packed = Gzip("time,engine_rpm\n1,900\n2,901\n") + Gzip("3,902\n");
  const TemporaryFile file(packed);
  World world;
  const auto readings = ReadAll(world, file.path());
  REQUIRE(readings.size() == 3);
  CHECK(Show(readings[2]) == "engine_rpm 902 good");
  CHECK(world.counters.Sum(kInputRejectedTotal) == 0);
}

TEST_CASE("Recording: a gzip file larger than any buffer is read as it is unpacked") {
  std::string text = "time,engine_rpm\n";
  for (int i = 0; i < 50'000; ++i) {
    text += std::to_string(i) + "," + std::to_string(i * 37 % 4'000) + "\n";
  }
  const TemporaryFile file(Gzip(text));
  World world;
  CHECK(ReadAll(world, file.path()).size() == 50'000);
}

TEST_CASE("Recording: a gzip file that is cut off or damaged is read up to there, and counted") {
  std::string text = "time,engine_rpm\n";
  for (int i = 0; i < 5'000; ++i) {
    text += std::to_string(i) + "," + std::to_string(i * 7'919 % 4'001) + "\n";
  }
  const std::string packed = Gzip(text);
  std::string damaged = packed;
  damaged[damaged.size() - 6] ^= 1;  // of its checksum
  for (const std::string& bytes : {packed.substr(0, packed.size() / 2), damaged, packed + "rest"}) {
    const TemporaryFile file(bytes);
    World world;
    CHECK(ReadAll(world, file.path()).size() > 1'000);
    CHECK(world.Rejected(reason::kMalformed) >= 1);
  }
  const TemporaryFile stub(packed.substr(0, 5));
  CHECK(Refused(stub.path()) ==
        "can't read the recording " + stub.path() + ": it is a gzip file, damaged or cut off");
}

TEST_CASE("Recording: a format that is given counts, whatever the content looks like") {
  const TemporaryFile file("time,engine_rpm\n1,2\n");
  RecordingOptions options;
  options.format = "nmea";
  World world;
  CHECK(ReadAll(world, file.path(), options).empty());
  CHECK(world.Rejected(reason::kMalformed) == 2);
}

TEST_CASE("Recording: a line without an end is skipped and counted") {
  const TemporaryFile file("time,engine_rpm\n1,900\n" + std::string(1'000'000, '7') + "\n2,901\n");
  World world;
  CHECK(ReadAll(world, file.path()).size() == 2);
  CHECK(world.Rejected(reason::kTooLarge) == 1);
}

}  // namespace
}  // namespace fleet_edge::drivers
