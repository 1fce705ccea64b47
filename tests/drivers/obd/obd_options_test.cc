#include "drivers/obd/obd_options.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/read_options.h"

namespace fleet_edge::drivers {
namespace {

/// What is wrong with options, a line each; or what they make: `series pid every`.
std::string Read(std::string_view yaml) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(yaml, "f.yaml", diagnostics);
  const auto options = ReadOptions<ObdOptions>(node, Section::Context{"f.yaml", diagnostics});
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics) all += ToString(diagnostic) + "\n";
  if (!options) return all;
  for (const ObdWanted& wanted : ObdWantedOf(*options)) {
    all += wanted.target.signal + " " + ObdPidName(wanted.pid->pid) + " " + ToString(wanted.every) +
           "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("ObdOptions: without signals, what the catalogue has is read") {
  const std::string all =
      "engine_coolant_celsius 05 2s\nengine_rpm 0C 1s\nvehicle_speed_kmh 0D 1s\n"
      "fuel_percent 2F 10s\nbattery_volts 42 2s\nambient_celsius 46 10s\nodometer_km A6 10s\n";
  CHECK(Read("{device: /dev/ttyUSB0}") == all);
  CHECK(Read("{address: '192.168.0.10:35000'}") == all);
  CHECK(Read("{interface: can0}") == all);
}

TEST_CASE("ObdOptions: signals with their parameters, of the catalogue and of one's own") {
  CHECK(Read("{device: a, signals: {engine_coolant_celsius: {pid: 0x05, every: 500ms}, "
             "oil_celsius: {pid: 5c}}}") ==
        "engine_coolant_celsius 05 500ms\noil_celsius 5C 10s\n");
}

TEST_CASE("ObdOptions: mistakes are told where they stand") {
  constexpr std::string_view kWays =
      "f.yaml:1:1: error: there is one way to the vehicle. Write one of `device: /dev/ttyUSB0`, "
      "`address: 192.168.0.10:35000`, `interface: can0`\n";
  CHECK(Read("{baud: 9600}") == kWays);
  CHECK(Read("{address: elm.local}") ==
        "f.yaml:1:11: error: 'elm.local' is no address. Write for example 192.168.0.10:35000\n");
  CHECK(Read("{device: a, baud: 1234}") ==
        "f.yaml:1:19: error: serial ports don't have this rate. Write 38400, 9600 or 115200\n");
  CHECK(Read("{device: a, asleep_every: 1s}").starts_with("f.yaml:1:27: error: questions can"));
  CHECK(Read("{device: a, stale_after: 5s}").starts_with("f.yaml:1:26: error: some parameters"));
  CHECK(Read("{device: a, signals: {x: {pid: 99}}}")
            .starts_with("f.yaml:1:32: error: '99' is no parameter that is known. Known, in "
                         "hexadecimal: 04 engine load, 05 coolant temperature, "));
  CHECK(Read("{device: a, signals: {vehicle_speed_kmh: {pid: 05}}}")
            .starts_with("f.yaml:1:22: error: '°C' does not convert to the unit of "
                         "vehicle_speed_kmh; these do: km/h"));
  CHECK(Read("{device: a, signals: {x: {pid: 05}, y: {pid: 0x5}}}") ==
        "f.yaml:1:22: error: parameter 05 stands twice. Leave one of them out\n");
  CHECK(Read("{device: a, signals: {x: {pid: 05, every: 20s}}}") ==
        "f.yaml:1:22: error: `every` of x is out of range. Write 100ms or more, and at most half "
        "of stale_after, which is 30s\n");
  CHECK(Read("{device: a, signals: {x: {every: 1s}}}") ==
        "f.yaml:1:26: error: key 'pid' is missing. Add `pid: …`\n");
}

}  // namespace fleet_edge::drivers
