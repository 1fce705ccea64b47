#include "simulators/report.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "simulators/report_json.h"
#include "simulators/report_table.h"

namespace fleet_edge::simulators {
namespace {

Report Faultless() {
  Report report;
  report.complete = true;
  report.readings.expected = 1'234'567;
  report.readings.arrived = 1'234'567;
  report.wire_bytes = 25;
  report.wire_readings = 10;
  return report;
}

TEST_CASE("Report: each thing that must be zero keeps it from holding") {
  CHECK(Faultless().Holds());
  const std::vector<void (*)(Report&)> faults{
      [](Report& report) { report.readings.lost = 1; },
      [](Report& report) { report.readings.duplicated = 1; },
      [](Report& report) { report.readings.altered = 1; },
      [](Report& report) { report.readings.invented = 1; },
      [](Report& report) { report.records.out_of_order = 1; },
      [](Report& report) { report.records.altered = 1; },
      [](Report& report) { report.alerts.missing = 1; },
      [](Report& report) { report.alerts.excess = 1; },
      [](Report& report) { report.complete = false; },
      [](Report& report) { report.readings.expected = 0; },
  };
  for (const auto fault : faults) {
    Report report = Faultless();
    fault(report);
    CHECK_FALSE(report.Holds());
    CHECK(ToTable(report).find("The ledger holds.") == std::string::npos);
    CHECK(ToJson(report).find(R"("holds":false)") != std::string::npos);
  }
}

TEST_CASE("Report: what is allowed doesn't keep it from holding") {
  Report report = Faultless();
  report.readings.unpromised = report.readings.redelivered = report.readings.other = 1;
  report.records.repeated = report.records.missing = 1;
  report.alerts.open = report.alerts.other = 1;
  CHECK(report.Holds());
}

TEST_CASE("Report: the table is for people") {
  Report report = Faultless();
  const std::string table = ToTable(report);
  CHECK(table.find("1,234,567") != std::string::npos);
  CHECK(table.find("bytes per reading               2.50") != std::string::npos);
  CHECK(table.ends_with("The ledger holds.\n"));
  report.readings.lost = 3;
  report.findings = {"lost: this"};
  CHECK(ToTable(report).find("WRONG: promised, and not there") != std::string::npos);
  CHECK(ToTable(report).find("lost: this") != std::string::npos);
}

TEST_CASE("Report: the JSON has durations in milliseconds") {
  Report report = Faultless();
  report.driver = {.count = 3,
                   .p50 = std::chrono::microseconds{1500},
                   .p99 = std::chrono::milliseconds{20},
                   .max = std::chrono::milliseconds{21}};
  const std::string json = ToJson(report);
  CHECK(json.find(R"("driver_latency_ms":{"count":3,"p50":1.5,"p99":20,"max":21})") !=
        std::string::npos);
  CHECK(json.find(R"("bytes_per_reading":2.5)") != std::string::npos);
  CHECK(json.find(R"("holds":true)") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::simulators
