// Holds what we make of real logs against what gpsd makes of them.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea.h"
#include "drivers/number.h"

namespace fleet_edge::drivers {
namespace {

/// One line of gpsd's own reading of a log: tests/data/gnss/README.md.
struct Oracle {
  std::map<UtcTime, std::vector<std::optional<double>>> rows;

  explicit Oracle(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::vector<std::optional<double>> cells;
      const std::size_t end = line.find(',');
      for (std::size_t at = end; at != std::string::npos;) {
        const std::size_t next = line.find(',', at + 1);
        cells.push_back(
            ParseNumber(line.substr(at + 1, next == std::string::npos ? next : next - at - 1)));
        at = next;
      }
      rows[ParseUtcTime(line.substr(0, end)).value()] = cells;
    }
  }
};

/// Holds our reports of a log against gpsd's. Returns how many moments both know.
std::size_t Compare(const std::string& name) {
  const std::string base = "tests/data/gnss/" + name;
  const Oracle oracle(base + ".tpv.csv");
  std::ifstream log(base + ".log");
  NmeaDecoder decoder;
  std::vector<GnssReport> reports;
  std::optional<GnssReport> done;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with('#')) continue;
    decoder.Decode(line, done);
    if (done) reports.push_back(*done);
  }
  if (const auto last = decoder.Finish()) reports.push_back(*last);
  std::erase_if(reports, [](const GnssReport& report) { return report.fix == 1; });

  std::size_t compared = 0;
  for (const GnssReport& report : reports) {
    REQUIRE(report.time);
    CAPTURE(ToString(*report.time));
    const auto found = oracle.rows.find(*report.time);
    CHECK(found != oracle.rows.end());
    if (found == oracle.rows.end()) continue;
    ++compared;
    const auto& theirs = found->second;
    CHECK(std::abs(report.latitude_deg.value() - theirs[0].value()) < 1e-9);
    CHECK(std::abs(report.longitude_deg.value() - theirs[1].value()) < 1e-9);
    if (report.altitude_m) CHECK(report.altitude_m == theirs[2]);
    if (report.speed_kmh)
      CHECK(std::abs(report.speed_kmh.value() / 3.6 - theirs[3].value()) < 0.00051);
    if (report.heading_deg) CHECK(report.heading_deg == theirs[4]);
  }
  CHECK(compared == oracle.rows.size());
  return compared;
}

TEST_CASE("Nmea: positions, speeds and headings of real logs are gpsd's") {
  CHECK(Compare("nmea-fuzzy-cases") == 14);
  CHECK(Compare("haicom-305N") == 67);
  CHECK(Compare("telit-pls83-w") == 10);
  CHECK(Compare("quectel-eg25-g") == 23);
}

}  // namespace
}  // namespace fleet_edge::drivers
