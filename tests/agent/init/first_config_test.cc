#include "agent/init/first_config.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "agent/config/config_file.h"
#include "agent/init/box_scan.h"
#include "core/diagnostic.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent::init {
namespace {

Diagnostics Check(const Answers& answers) {
  const TempFolder folder;
  const std::string path = (folder.path() / "my.yaml").string();
  std::ofstream(path) << FirstConfig(answers);
  return LoadConfig(path).findings;
}

TEST_CASE("Init: what it writes has no mistake, whatever was found") {
  for (const char* const text :
       {"nmea:/dev/ttyUSB0", "can:can0", "gpsd", "mqtt:127.0.0.1:1883", "w1:28-0000075a5b2c"}) {
    CAPTURE(text);
    const auto source = ParseSource(text);
    REQUIRE(source);
    const Diagnostics findings =
        Check({.vehicle = "no:17", .hub = "hub:9092", .sources = {*source}});
    CHECK_MESSAGE(findings.empty(), (findings.empty() ? "" : ToString(findings.front())));
  }
}

TEST_CASE("Init: two receivers have two names, and two probes are one driver") {
  const std::vector<Source> sources{*ParseSource("nmea:/dev/a"), *ParseSource("w1:28-1"),
                                    *ParseSource("nmea:/dev/b"), *ParseSource("w1:28-2")};
  const std::string text = FirstConfig({.vehicle = "v", .hub = "h:1", .sources = sources});
  CHECK(text.find("name: nmea2") != std::string::npos);
  CHECK(text.find("zone=\"2\"") != std::string::npos);
  CHECK(!HasErrors(Check({.vehicle = "v", .hub = "h:1", .sources = sources})));
}

TEST_CASE("Init: a box on which nothing was found gets a file that runs") {
  CHECK(!HasErrors(Check({.vehicle = "v", .hub = "h:1", .silent_ports = {"/dev/ttyS9"}})));
}

TEST_CASE("Init: rule files that lie beside it are in force") {
  CHECK(FirstConfig({.has_rules = true}).find("\nrules: [rules/*.yaml]") != std::string::npos);
  CHECK(FirstConfig({}).find("\n# rules: [rules/*.yaml]") != std::string::npos);
}

TEST_CASE("Init: a kind that needs to know more is refused") {
  CHECK(!ParseSource("modbus:/dev/ttyUSB0"));
  CHECK(!ParseSource("nmea"));
  CHECK(!ParseSource("can:"));
}

}  // namespace
}  // namespace fleet_edge::agent::init
