#include "simulators/recorder.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr UtcTime kStart{std::chrono::seconds{1'784'023'200}};  // 2026-07-14T10:00:00Z
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

VehicleState State() {
  VehicleState state;
  state.vehicle_speed_kmh = 62;
  state.engine_coolant_celsius = 88;
  state.cargo_celsius = {4};
  state.gnss = {.fix = 3, .latitude_deg = 49.5, .longitude_deg = 12, .satellites = 9};
  return state;
}

/// The lines of a recording of `tenths` rows of the same state, in a file with this end.
std::vector<std::string> Recorded(const std::string& end, const VehicleState& state, int tenths) {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("recorder_test." + std::to_string(::getpid()) + end);
  const std::unique_ptr<Recorder> recorder = MakeRecorder(path, state, kStart);
  for (int tenth = 0; tenth < tenths; ++tenth) {
    recorder->Add(std::chrono::milliseconds{100} * tenth, state);
  }
  recorder->Flush();
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  std::filesystem::remove(path);
  return lines;
}

/// The bytes of the first frame of a group, by its number.
std::string FrameOf(const std::vector<std::string>& lines, const std::string& id) {
  for (const std::string& line : lines) {
    if (line.find(" " + id + "#") != std::string::npos) return line.substr(line.find('#') + 1);
  }
  return "none";
}

TEST_CASE("Recorder: the name's end says which format") {
  CHECK(RecordingFormatOf("trip.nmea") == "nmea");
  CHECK(RecordingFormatOf("trip.candump") == "candump");
  CHECK(RecordingFormatOf("trip.csv") == "csv");
  CHECK(RecordingFormatOf("trip") == "csv");
}

TEST_CASE("Recorder: a receiver speaks once a second, without a fix too") {
  CHECK(Recorded(".nmea", State(), 11).front().starts_with("$GPRMC,100000.00,A,4930.00000,N"));
  VehicleState lost = State();
  lost.gnss = {};
  const std::vector<std::string> lines = Recorded(".nmea", lost, 21);
  CHECK(lines.front().starts_with("$GPRMC,100000.00,V,"));
  CHECK(std::ranges::count_if(
            lines, [](const std::string& line) { return line.starts_with("$GPRMC"); }) == 3);
}

TEST_CASE("Recorder: a silent receiver says nothing, one without a latitude has no fix") {
  VehicleState silent = State();
  silent.gnss = {.fix = 0};
  CHECK(Recorded(".nmea", silent, 11).empty());
  VehicleState blind = State();
  blind.gnss.latitude_deg = kNothing;
  CHECK(Recorded(".nmea", blind, 1).front().starts_with("$GPRMC,100000.00,V,"));
}

TEST_CASE("Recorder: a truck's bus has each group in its period, 88 °C as 128") {
  const std::vector<std::string> lines = Recorded(".candump", State(), 11);
  CHECK(lines.front().starts_with("(1784023200.000000) can0 "));
  CHECK(FrameOf(lines, "18FEEE00") == "80FFFFFFFFFFFFFF");
  CHECK(std::ranges::count_if(lines, [](const std::string& line) {
          return line.find("18FEEE00") != std::string::npos;
        }) == 2);
}

TEST_CASE("Recorder: on a bus what is silent is not available") {
  VehicleState silent = State();
  silent.engine_coolant_celsius = kNothing;
  CHECK(FrameOf(Recorded(".candump", silent, 1), "18FEEE00") == "FFFFFFFFFFFFFFFF");
}

}  // namespace
}  // namespace fleet_edge::simulators
