#include "agent/health/driver_diagnosis.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/pipeline/board.h"
#include "agent/pipeline/driver_life.h"
#include "core/counters.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// A vehicle that has run for two days, with one driver.
struct World {
  World(const std::string& kind, std::optional<Duration> silent_for) {
    view.now = UtcTime{hours{1000}};
    view.started = view.now - hours{48};
    view.boot = BootTime{hours{48}};
    view.drivers = {{.name = "it", .kind = kind, .silent_for = silent_for}};
  }

  void Awake(const std::string& signal, double value, Duration ago = seconds{1}) {
    Board::Shown shown;
    shown.series = registry.Find(signal, {});
    shown.time = view.now - ago;
    shown.value = value;
    view.board.series.push_back(shown);
  }

  void Refused(const std::string& reason, const std::string& signal = "cargo_celsius") {
    grown.push_back({std::string(kInputRejectedTotal),
                     {{"driver", "it"}, {"reason", reason}, {"signal", signal}},
                     1});
  }

  std::vector<Problem> Find() {
    std::vector<Problem> found;
    FindDriverProblems(view, grown, limits, awake_since, found);
    return found;
  }

  SeriesRegistry registry;
  AgentView view;
  std::vector<Counters::Sample> grown;
  SilenceLimits limits;
  std::optional<BootTime> awake_since = BootTime{};  // for as long as the box has run
};

}  // namespace

TEST_CASE("DriverDiagnosis: probes that are read all day may be silent for their limit") {
  CHECK(World("modbus", minutes{5} - seconds{1}).Find().empty());
  const auto found = World("modbus", minutes{5}).Find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "driver_silent");
  CHECK(found[0].severity == Severity::kCritical);
  CHECK(found[0].subject == "it");
  CHECK(found[0].what == "nothing was read for 5m");
  CHECK(found[0].mend.find("wiring") != std::string::npos);
}

TEST_CASE("DriverDiagnosis: a driver that was never heard is silent since the start") {
  World world("modbus", std::nullopt);
  REQUIRE(world.Find().size() == 1);
  CHECK(world.Find()[0].what == "nothing was read since the agent's start 2d ago");
  world.view.started = world.view.now - minutes{4};
  CHECK(world.Find().empty());
}

TEST_CASE("DriverDiagnosis: the configuration's limit counts, and 0 is none") {
  World world("mqtt", minutes{30});
  world.limits = {{"it", hours{1}}};
  CHECK(world.Find().empty());
  world.limits = {{"it", minutes{20}}};
  CHECK(world.Find().size() == 1);
  world.limits = {{"it", Duration{0}}};
  CHECK(world.Find().empty());
}

TEST_CASE(
    "DriverDiagnosis: a vehicle that sleeps at 3 a.m. is no alarm, after a day worth a look") {
  for (const char* const kind : {"can", "obd", "gpsd", "nmea", "mqtt"}) {
    CAPTURE(kind);
    CHECK(World(kind, hours{9}).Find().empty());
    const auto found = World(kind, hours{24}).Find();
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::kInfo);
  }
}

TEST_CASE("DriverDiagnosis: a silent bus in a vehicle that is awake is critical, and says so") {
  for (const auto& [signal, words] : {std::pair{"ignition_on", "though the ignition is on"},
                                      std::pair{"engine_rpm", "though the engine runs"},
                                      std::pair{"vehicle_speed_kmh", "though the vehicle moves"}}) {
    World world("can", seconds{30});
    world.Awake(signal, 1);
    const auto found = world.Find();
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::kCritical);
    CHECK(found[0].what.find(words) != std::string::npos);
  }
}

TEST_CASE(
    "DriverDiagnosis: what is old, 0, stale or drifts does not show that a vehicle is awake") {
  World world("can", minutes{10});
  world.Awake("ignition_on", 0);
  world.Awake("vehicle_speed_kmh", 80, minutes{2});
  world.Awake("gnss_speed_kmh", 3);
  world.Awake("engine_rpm", 800);
  world.view.board.series.back().quality = Quality::kStale;
  CHECK(world.Find().empty());
}

TEST_CASE("DriverDiagnosis: a device that is gone is told within seconds, by its path") {
  World world("modbus", seconds{9});
  world.view.drivers[0].missing = "/dev/ttyUSB0";
  CHECK(world.Find().empty());
  world.view.drivers[0].silent_for = seconds{10};
  REQUIRE(world.Find().size() == 1);
  CHECK(world.Find()[0].what == "its device /dev/ttyUSB0 is not there");
}

TEST_CASE("DriverDiagnosis: a broker that is away is no sleep, and told within minutes") {
  World world("mqtt", minutes{2} - seconds{1});
  world.view.drivers[0].away = true;
  CHECK(world.Find().empty());
  world.view.drivers[0].silent_for = minutes{2};
  REQUIRE(world.Find().size() == 1);
  CHECK(world.Find()[0].severity == Severity::kCritical);
  CHECK(world.Find()[0].what ==
        "nothing was read for 2m, and there is no connection to its broker");
}

TEST_CASE("DriverDiagnosis: a bus that is gone is told by the interface's name") {
  World world("can", minutes{1});
  world.Awake("engine_rpm", 800);
  world.view.drivers[0].missing = "/sys/class/net/can0";
  REQUIRE(world.Find().size() == 1);
  CHECK(world.Find()[0].what == "its interface can0 is not there, though the engine runs");
}

TEST_CASE("DriverDiagnosis: a bus has its time to speak when the vehicle wakes after a night") {
  World world("can", hours{9});
  world.awake_since.reset();
  CHECK(world.Find().empty());
  world.Awake("ignition_on", 1);
  CHECK(world.Find().empty());
  world.view.boot += seconds{29};
  CHECK(world.Find().empty());
  world.view.boot += seconds{1};
  CHECK(world.Find().size() == 1);
}

TEST_CASE(
    "DriverDiagnosis: a device that was never there is told, whether the vehicle sleeps or not") {
  World world("nmea", std::nullopt);
  world.view.drivers[0].missing = "/dev/ttyUSB1";
  const auto found = world.Find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kCritical);
}

TEST_CASE("DriverDiagnosis: a recording that has ended is silent for ever, which is no problem") {
  CHECK(World("replay", hours{40}).Find().empty());
}

TEST_CASE("DriverDiagnosis: what is refused is told by its signal and its cause") {
  World world("mqtt", seconds{1});
  world.Refused("out_of_range");
  REQUIRE(world.Find().size() == 1);
  CHECK(world.Find()[0].id == "readings_refused");
  CHECK(world.Find()[0].severity == Severity::kWarning);
  CHECK(world.Find()[0].what == "cargo_celsius is out of range");
  world.Refused("checksum", "");
  CHECK(world.Find()[0].what == "cargo_celsius is out of range, and so on: 2 causes");
}

TEST_CASE("DriverDiagnosis: what nobody asked for, is stale or late is not refused") {
  World world("mqtt", seconds{1});
  for (const char* const reason : {"unread_topic", "unread_type", "stale", "late", "other_source",
                                   "queue_full", "series_limit"}) {
    world.Refused(reason);
  }
  CHECK(world.Find().empty());
}

TEST_CASE("DriverDiagnosis: no answer is news only while other questions are answered") {
  World world("obd", seconds{2});
  world.Refused("no_answer");
  CHECK(world.Find().size() == 1);
  world.view.drivers[0].silent_for = seconds{20};
  CHECK(world.Find().empty());
}

TEST_CASE("DriverDiagnosis: a driver that was made anew is told") {
  World world("mqtt", seconds{1});
  world.grown = {{std::string(kDriverFailuresTotal), {{"driver", "it"}}, 1}};
  REQUIRE(world.Find().size() == 1);
  CHECK(world.Find()[0].id == "driver_failing");
}

}  // namespace fleet_edge::agent
