#include "simulators/csv_recorder.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr UtcTime kStart{seconds{1'784'023'200}};  // 2026-07-14T10:00:00Z

VehicleState State() {
  VehicleState state;
  state.vehicle_speed_kmh = 62.345;
  state.engine_coolant_celsius = 88.04;
  state.cargo_celsius = {4.26, 5};
  state.accel_longitudinal_mps2 = 0.5;
  return state;
}

/// A file that is gone afterwards.
class File {
 public:
  File() = default;
  ~File() { std::filesystem::remove(path()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::string path() const { return path_; }

  std::vector<std::string> Lines() const {
    std::ifstream file(path_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

 private:
  std::string path_ = std::filesystem::temp_directory_path() /
                      ("csv_recorder_test." + std::to_string(::getpid()) + ".csv");
};

/// The cell of a row below a header.
std::string Cell(const std::vector<std::string>& lines, std::size_t row, const std::string& name) {
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells{""};
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    return cells;
  };
  const std::vector<std::string> header = split(lines.at(0));
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) return split(lines.at(row)).at(i);
  }
  return "no column " + name;
}

TEST_CASE("CSV recorder: a column a series by its name, values with the catalogue's decimals") {
  const File file;
  CsvRecorder recorder(file.path(), State(), kStart);
  recorder.Add({}, State());
  recorder.Flush();
  const std::vector<std::string> lines = file.Lines();
  REQUIRE(lines.size() == 2);
  CHECK(Cell(lines, 1, "time") == "2026-07-14T10:00:00Z");
  CHECK(Cell(lines, 1, "\"vehicle_speed_kmh\"") == "62.34");
  CHECK(Cell(lines, 1, R"("cargo_celsius{zone=""1""}")") == "4.3");
  CHECK(Cell(lines, 1, "\"ignition_on\"") == "1");
  CHECK(Cell(lines, 1, "\"accel_vertical_mps2\"") == "9.807");
}

TEST_CASE("CSV recorder: a signal comes as often as vehicles measure it") {
  const File file;
  CsvRecorder recorder(file.path(), State(), kStart);
  for (int tenth = 0; tenth <= 10; ++tenth) recorder.Add(milliseconds{100} * tenth, State());
  recorder.Flush();
  const std::vector<std::string> lines = file.Lines();
  REQUIRE(lines.size() == 12);
  CHECK(Cell(lines, 2, "time") == "2026-07-14T10:00:00.100Z");
  CHECK(Cell(lines, 2, "\"vehicle_speed_kmh\"").empty());
  CHECK(Cell(lines, 2, "\"accel_longitudinal_mps2\"") == "0.500");
  CHECK(Cell(lines, 11, "\"vehicle_speed_kmh\"") == "62.34");
  CHECK(Cell(lines, 11, "\"ambient_celsius\"").empty());
}

TEST_CASE("CSV recorder: what is silent, or unknown without a fix, is an empty cell") {
  const File file;
  VehicleState state = State();
  state.engine_coolant_celsius = std::numeric_limits<double>::quiet_NaN();
  CsvRecorder recorder(file.path(), state, kStart);
  recorder.Add({}, state);
  recorder.Flush();
  const std::vector<std::string> lines = file.Lines();
  CHECK(Cell(lines, 1, "\"engine_coolant_celsius\"").empty());
  CHECK(Cell(lines, 1, "\"latitude_deg\"").empty());
  CHECK(Cell(lines, 1, "\"gnss_fix\"") == "1");
}

TEST_CASE("CSV recorder: a folder that isn't there and a full disk are told") {
  CHECK_THROWS_AS(CsvRecorder("/nonexistent/trip.csv", State(), kStart), std::runtime_error);
  CsvRecorder full("/dev/full", State(), kStart);
  full.Add({}, State());
  CHECK_THROWS_AS(full.Flush(), std::runtime_error);
}

}  // namespace
}  // namespace fleet_edge::simulators
