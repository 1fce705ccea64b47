#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/can/can_driver.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_reader.h"

namespace fleet_edge::drivers {
namespace {

/// A driver as a configuration in tests/drivers has it.
struct Configured {
  explicit Configured(std::string_view text) {
    const Section::Context context{"tests/drivers/fleet-edge.yaml", findings};
    Section::Read(ParseYaml(text, context.file, findings), context, options);
  }

  std::string First() const { return findings.empty() ? "" : findings.front().what; }

  Diagnostics findings;
  CanDriverOptions options;
};

constexpr std::string_view kTruck = R"(
interface: can0
dbc: corpus/dbc/truck.dbc
signals:
  vehicle_speed_kmh: {signal: Brakes.WheelSpeed}
  'cargo_celsius{zone="1"}': {signal: Cabin}
)";

}  // namespace

TEST_CASE("CanDriverOptions: six lines read a bus by its DBC file, and nothing else") {
  const Configured truck(kTruck);
  CHECK(truck.First() == "");
  CHECK_FALSE(truck.options.decoding.j1939);
  REQUIRE(truck.options.decoding.dbc.size() == 2);
  CHECK(SeriesOf(truck.options.decoding) ==
        std::vector<std::string>{"cargo_celsius{zone=\"1\"}", "vehicle_speed_kmh"});
  CHECK(FiltersOf(truck.options.decoding) ==
        std::vector<CanFilter>{{.id = 257, .mask = 0x1FFFFFFF, .extended = false},
                               {.id = 256, .mask = 0x1FFFFFFF, .extended = false}});
}

TEST_CASE("CanDriverOptions: SAE J1939 is read without a DBC file, or beside it") {
  CHECK(Configured("interface: can0").options.decoding.j1939);
  const Configured both(std::string(kTruck) + "j1939: true");
  CHECK(both.options.decoding.j1939);
  CHECK(std::ranges::count(SeriesOf(both.options.decoding), "engine_rpm") == 1);
  CHECK(std::ranges::count(SeriesOf(both.options.decoding), "cargo_celsius{zone=\"1\"}") == 2);
  const auto filters = FiltersOf(both.options.decoding);
  const CanFilter transport{.id = 0xEC0000, .mask = 0x3FF0000, .extended = true};
  CHECK(std::ranges::count(filters, transport) == 1);
}

TEST_CASE("CanDriverOptions: what a DBC file can't give is found before the start") {
  struct Case {
    std::string_view text;
    std::string_view told;
  };
  for (const auto& [text, told] : {
           Case{"dbc: corpus/dbc/truck.dbc", "a DBC file and the signals that are taken from it"},
           Case{"signals: {engine_rpm: {signal: Slip}}", "a DBC file and the signals that are"},
           Case{"j1939: false", "nothing would be read"},
           Case{"stale_after: 1999ms", "some groups come once a second"},
           Case{"dbc: none.dbc\nsignals: {engine_rpm: {signal: Slip}}",
                "can't read the DBC file tests/drivers/none.dbc: No such file or directory"},
           Case{"dbc: corpus\nsignals: {engine_rpm: {signal: Slip}}",
                "can't read the DBC file tests/drivers/corpus: Is a directory"},
           Case{"dbc: corpus/dbc/truck.dbc\nsignals: {engine_rpm: {signal: Slipp}}",
                "engine_rpm: tests/drivers/corpus/dbc/truck.dbc: the DBC file has no signal "
                "'Slipp'. Did you mean 'Slip'?"},
           Case{"dbc: corpus/dbc/truck.dbc\nsignals: {engine_rpm: {signal: Slip}}",
                "'%' does not convert to the unit of engine_rpm; these do: rpm, Hz"},
       }) {
    CAPTURE(text);
    const Configured wrong("interface: can0\n" + std::string(text));
    CHECK(std::string_view(wrong.First()).starts_with(told));
  }
}

TEST_CASE("CanDriverOptions: the unit is the file's, or the one that is written") {
  const auto scale = [](const std::string& line) {
    const Configured read("interface: can0\ndbc: corpus/dbc/truck.dbc\nsignals: {" + line + "}");
    CHECK(read.First() == "");
    return read.options.decoding.dbc.at(0).target.conversion.scale;
  };
  CHECK(scale("tire_kpa: {signal: Pressure}") == 100);  // bar
  CHECK(scale("tire_kpa: {signal: Pressure, unit: psi}") > 6.8);
  CHECK(scale("ignition_on: {signal: Pressure}") == 1);  // a plain number
  CHECK(scale("axle_kg: {signal: Axle}") == 1);          // not in the catalogue
}

}  // namespace fleet_edge::drivers
