// `fleet-edge replay`, run as a child.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/agent/command.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kDrive = R"(time,vehicle_speed_kmh
2026-11-21T06:00:00Z,80
2026-11-21T06:00:01Z,95
2026-11-21T06:00:02Z,96
2026-11-21T06:00:03Z,85
2026-11-21T06:00:04Z,84
)";

}  // namespace

TEST_CASE("replay: each change of an alert's state is a line with its event time") {
  const TempFolder folder;
  const std::string drive = folder.Write("drive.csv", kDrive);
  const std::string rules = folder.Write("rules.yaml", kSpeeding);
  const Outcome text = Run({"replay", drive, "--rules", rules});
  CAPTURE(text.err);
  CHECK(text.exit == 0);
  CHECK(text.out ==
        "2026-11-21T06:00:01Z firing Speeding{severity=\"warning\"} 95 Slow down\n"
        "2026-11-21T06:00:03Z resolved Speeding{severity=\"warning\"} 96 Slow down\n");
  CHECK(
      Contains(text.err, "Speeding  fired 1, resolved 1, longest 2s, first 2026-11-21T06:00:01Z"));
  CHECK(Contains(text.err, "5 {quality=\"good\"}"));

  const Outcome json = Run({"replay", drive, "--rules", rules, "--json"});
  CHECK(
      json.out ==
      R"({"time":"2026-11-21T06:00:01Z","alert":"Speeding","state":"firing","labels":{"severity":"warning"},"value":95})"
      "\n"
      R"({"time":"2026-11-21T06:00:03Z","alert":"Speeding","state":"resolved","labels":{"severity":"warning"},"value":96})"
      "\n");
}

TEST_CASE("replay: an alert at the recording's last instant is not lost") {
  const TempFolder folder;
  const std::string drive = folder.Write("drive.csv", "time,vehicle_speed_kmh\n0,80\n1,80\n2,95\n");
  const Outcome outcome = Run({"replay", drive, "--rules", folder.Write("rules.yaml", kSpeeding)});
  CHECK(Contains(outcome.out, "firing Speeding"));
}

TEST_CASE("replay: several recordings play side by side, in the order of time") {
  const TempFolder folder;
  const std::string one =
      folder.Write("one.csv", "time,vehicle_speed_kmh\n100,80\n102,95\n104,80\n106,80\n");
  const std::string two = folder.Write(
      "two.csv", "time,\"tire_kpa{axle=\"\"1\"\"}\"\n101,700\n103,300\n105,700\n107,700\n");
  const std::string rules = folder.Write("rules.yaml", R"(groups:
- name: both
  interval: 1s
  rules:
  - {alert: Speeding, expr: "last_over_time(vehicle_speed_kmh[1s]) > 90"}
  - {alert: Flat, expr: "last_over_time(tire_kpa[1s]) < 400"}
)");
  const Outcome outcome = Run({"replay", one, two, "--rules", rules, "--json"});
  const auto speeding = outcome.out.find("Speeding");
  const auto flat = outcome.out.find("Flat");
  CHECK(speeding < flat);
  CHECK(flat != std::string::npos);
}

TEST_CASE("replay: columns, labels and rules come from a configuration") {
  const TempFolder folder;
  const std::string drive =
      folder.Write("drive.csv", "t,mps\n0,10\n1,30\n2,31\n3,10\n4,10\n5,10\n");
  folder.Write("rules.yaml", kSpeeding);
  const std::string config = folder.Write("edge.yaml", R"(vehicle: {id: cab-7}
drivers:
  - replay: {path: drive.csv, time: {column: t, unit: s}, signals: {vehicle_speed_kmh: {column: mps, unit: m/s}}}
rules: [rules.yaml]
uplink: {kafka: {bootstrap.servers: h}}
)");
  const Outcome outcome = Run({"replay", drive, "--config", config});
  CAPTURE(outcome.err);
  CHECK(outcome.exit == 0);
  CHECK(Contains(outcome.out, "firing Speeding{severity=\"warning\",vehicle=\"cab-7\"} 108"));
}

TEST_CASE("replay: a long silence hides no instant of rules on the time of day") {
  const TempFolder folder;
  const std::string rules = folder.Write("rules.yaml", R"(groups:
- name: g
  interval: 1s
  rules:
  - {alert: Night, expr: hour() == 3}
  - {alert: Speeding, expr: vehicle_speed_kmh > 90}
)");
  const auto play = [&](const std::string& last) {
    return Run({"replay",
                folder.Write("drive.csv",
                             "time,vehicle_speed_kmh\n2026-11-21T00:00:00Z,80\n" + last + ",80\n"),
                "--rules", rules})
        .err;
  };
  const std::string days = play("2026-11-24T00:00:00Z");
  CAPTURE(days);
  CHECK(Contains(days, "  Night     fired 3, resolved 3, longest 1h, "));
  CHECK_FALSE(Contains(days, "passed over"));
  CHECK(Contains(play("2036-11-24T00:00:00Z"), "instants passed over where the recordings' time "));
}

TEST_CASE("replay: what says nothing for want of readings says which") {
  const TempFolder folder;
  const std::string rules = folder.Write("rules.yaml", R"(groups:
- name: g
  interval: 1s
  rules:
  - {record: hot, expr: 'max by (zone) (cargo_celsius{zone="9"}) > 45'}
  - {alert: Hot, expr: 'hot and on () vehicle_speed_kmh > 1000'}
  - {alert: Far, expr: distance_km_over_time(1h) > 1}
  - {alert: Fast, expr: vehicle_speed_kmh > 1000}
  - {alert: Silent, expr: absent(cargo_celsius)}
  - {alert: Any, expr: count(ALERTS) > 100}
)");
  const std::string drive = folder.Write("drive.csv", kDrive);
  const std::string err = Run({"replay", drive, "--rules", rules, "--series", "sum(hot) + 1",
                               "--series", "vehicle_speed_kmh > 1000"})
                              .err;
  CAPTURE(err);
  CHECK(Contains(err, "  Hot     silent, not in the recordings: cargo_celsius{zone=\"9\"}\n"));
  CHECK(Contains(err, "  Far     silent, not in the recordings: latitude_deg, longitude_deg\n"));
  CHECK(Contains(err, "  Fast    silent\n"));
  CHECK(Contains(err, "  Silent  fired 1, "));
  CHECK(Contains(err, "  Any     silent\n"));
  CHECK(Contains(err, "  sum(hot) + 1: 0 values, not in the recordings: cargo_celsius"));
  CHECK(Contains(err, "  vehicle_speed_kmh > 1000: 0 values\n"));
}

TEST_CASE("replay: a recording or rules that can't be used exit with 1") {
  const TempFolder folder;
  const std::string rules = folder.Write("rules.yaml", kSpeeding);
  CHECK(Run({"replay", "/nowhere.csv", "--rules", rules}).exit == 1);
  const std::string drive = folder.Write("drive.csv", kDrive);
  CHECK(Run({"replay", drive, "--rules", folder.Write("bad.yaml", "groups: 5\n")}).exit == 1);
}

}  // namespace fleet_edge::agent
