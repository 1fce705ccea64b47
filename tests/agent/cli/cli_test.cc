// What people type and see: the binary itself, run as a child.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/version.h"
#include "tests/agent/command.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kThreeMistakes = R"(vehicle: {id: a}
drivers: []
uplink: {kafka: {bootstrap.servers: "127.0.0.1:1"}, send_evry: 1s}
outbox: {memory: lots}
log: {level: 5}
)";

}  // namespace

TEST_CASE("Command line: what is wrong with it exits with 2 and says so on stderr") {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"drive"},
           {"run"},
           {"run", "--fast"},
           {"outbox"},
           {"check", "a.yaml"},
           {"check", "-c", "a.yaml", "--rules", "b.yaml"},
           {"replay"},
           {"replay", "a.csv"},
           {"replay", "a.csv", "--speed", "0"},
           {"replay", "a.csv", "--series", "up", "--step", "0s"}}) {
    const Outcome outcome = Run(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit == 2);
    CHECK(outcome.out.empty());
    CHECK(!outcome.err.empty());
  }
}

TEST_CASE("Command line: a file for check is told its option") {
  CHECK(Contains(Run({"check", "a.yaml"}).err, "`fleet-edge check --rules FILE`"));
}

TEST_CASE("Command line: a command that there is not is told the nearest, or all") {
  CHECK(Run({"docter"}).err == "fleet-edge: no command is called 'docter'. Did you mean doctor?\n");
  CHECK(Run({"outbox", "drain"}).err ==
        "fleet-edge outbox: no command is called 'drain'. There are status, export, verify\n");
}

TEST_CASE("Command line: where a command is missing all are told, but for hidden ones") {
  CHECK(Run({"config"}).err ==
        "fleet-edge config: name a command: show, schema. `fleet-edge config --help` tells more\n");
  CHECK_FALSE(Contains(Run({}).err, "reference"));
}

TEST_CASE("Command line: a replay without rules is told what it may be for") {
  CHECK(Contains(Run({"replay", "a.csv"}).err, "Name --rules, -c or --series"));
}

TEST_CASE("Command line: commands that look take the installed configuration") {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"check"}, {"config", "show"}, {"doctor"}, {"outbox", "status"}, {"status"}}) {
    std::vector<std::string> asked = command;
    asked.emplace_back("--help");
    CHECK(Contains(Run(asked).out, "default /etc/fleet-edge/fleet-edge.yaml"));
  }
}

TEST_CASE("Command line: status tells that no agent has run yet, and how one is started") {
  const TempFolder folder;
  const Outcome outcome = Run({"status", "--dir", folder.path().string()});
  CHECK(outcome.exit == 4);
  CHECK(outcome.out ==
        "NOT RUNNING  no agent runs, nor has one before: there is no outbox in " +
            folder.path().string() +
            "\n  mend: `sudo systemctl start fleet-edge`; another outbox is named by "
            "--dir or -c\n");
}

TEST_CASE("Command line: each command's help has an example and the exit codes") {
  for (const char* const command : {"run", "check", "replay"}) {
    const Outcome outcome = Run({command, "--help"});
    CAPTURE(command);
    CHECK(outcome.exit == 0);
    CHECK(Contains(outcome.out, std::string("fleet-edge ") + command));
    CHECK(Contains(outcome.out, "Exit codes: 0"));
  }
  CHECK(Contains(Run({"--help"}).out, "replay"));
}

TEST_CASE("Command line: version prints the version") {
  const Outcome outcome = Run({"version"});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out == "fleet-edge " + std::string(kVersion) + "\n");
}

TEST_CASE(
    "check: three mistakes of a configuration are three lines with line and column, and a count") {
  const TempFolder folder;
  const std::string path = folder.Write("edge.yaml", kThreeMistakes);
  const Outcome outcome = Run({"check", "-c", path});
  CHECK(outcome.exit == 1);
  CHECK(Contains(outcome.out,
                 path + ":3:53: error: unknown key 'send_evry'. Did you mean 'send_every'?\n"));
  CHECK(Contains(outcome.out, path + ":4:18: error: 'lots' is not a size."));
  CHECK(Contains(outcome.out, path + ":5:14: error: '5' is no level."));
  CHECK(outcome.out.ends_with("3 errors, 1 warning\n"));
  CHECK(outcome.err.empty());
}

TEST_CASE("check: rules of a configuration are checked with it, from its own folder") {
  const TempFolder folder;
  folder.Write("rules/speed.yaml", "groups:\n- name: a\n  rules:\n  - alert: X\n    expr: sum(\n");
  const std::string path = folder.Write(
      "edge.yaml",
      "vehicle: {id: a}\nuplink: {kafka: {bootstrap.servers: h}}\nrules: [rules/*.yaml]\n");
  const Outcome outcome = Run({"check", "-c", path});
  CHECK(outcome.exit == 1);
  CHECK(Contains(outcome.out, folder.Path("rules/speed.yaml") + ":5:"));
}

TEST_CASE("check: three mistakes of a rule file are three lines") {
  const TempFolder folder;
  const std::string path = folder.Write("rules.yaml", R"(groups:
- name: a
  intervall: 1s
  rules:
  - alert: X
    expr: avg_over_tim(engine_rpm[10s]) > 1
  - alert: Y
    expr: engine_rpm >
)");
  const Outcome outcome = Run({"check", "--rules", path});
  CAPTURE(outcome.out);
  CHECK(outcome.exit == 1);
  CHECK(Contains(outcome.out, path + ":3:3: error: "));
  CHECK(Contains(outcome.out, path + ":6:"));
  CHECK(Contains(outcome.out, path + ":8:"));
  CHECK(outcome.out.ends_with("3 errors\n"));
}

TEST_CASE("check: sound files exit with 0") {
  const TempFolder folder;
  const Outcome outcome = Run({"check", "--rules", folder.Write("a.yaml", kSpeeding)});
  CHECK(outcome.exit == 0);
  CHECK(outcome.out == "no errors\n");
}

TEST_CASE("check: what is legal but wrong on a vehicle is a warning, and fails nothing") {
  const TempFolder folder;
  const std::string path = folder.Write("rules.yaml", R"(groups:
- name: a
  interval: 10s
  rules:
  - alert: Hot
    expr: avg_over_time(engine_colant_celsius[10s]) > 105
    for: 5s
    labels: {severity: page}
    annotations: {summary: hot}
)");
  const Outcome outcome = Run({"check", "--rules", path});
  CAPTURE(outcome.out);
  CHECK(outcome.exit == 0);
  CHECK(Contains(outcome.out,
                 path + ":6:25: warning: no signal and no recording rule is called "
                        "'engine_colant_celsius'. Did you mean 'engine_coolant_celsius'?\n"));
  CHECK(Contains(outcome.out, path + ":7:10: warning: 'for' 5s is shorter"));
  CHECK(outcome.out.ends_with("no errors, 2 warnings\n"));
}

TEST_CASE("check: rules are held against the configuration's drivers and display") {
  const TempFolder folder;
  folder.Write("rules.yaml", std::string(kSpeeding) + "    notify: [driver]\n");
  const std::string path = folder.Write("edge.yaml", R"(vehicle: {id: a}
uplink: {kafka: {bootstrap.servers: h}}
rules: [rules.yaml]
drivers:
- mqtt:
    topics:
    - {filter: engine, signals: {engine_rpm: {pointer: /rpm}}}
)");
  const Outcome outcome = Run({"check", "-c", path});
  CAPTURE(outcome.out);
  CHECK(outcome.exit == 0);
  const std::string rules = folder.Path("rules.yaml");
  CHECK(Contains(outcome.out,
                 rules + ":6:26: warning: no driver of the configuration produces "
                         "'vehicle_speed_kmh'. Configure one that does, or remove the rule\n"));
  CHECK(Contains(outcome.out, rules + ":9:13: warning: the alert is for the driver, but"));
  CHECK(outcome.out.ends_with("no errors, 2 warnings\n"));
}

TEST_CASE("check: a rule file that isn't there is an error") {
  const Outcome outcome = Run({"check", "--rules", "/nowhere/*.yaml"});
  CHECK(outcome.exit == 1);
  CHECK(Contains(outcome.out, "/nowhere/*.yaml"));
}

TEST_CASE("check: the configuration that is shipped as an example is sound") {
  const Outcome outcome = Run({"check", "-c", "packaging/fleet-edge.yaml"});
  CAPTURE(outcome.out);
  CHECK(outcome.exit == 0);
}

TEST_CASE("run: a wrong configuration exits with 78, its findings on stderr") {
  const TempFolder folder;
  const Outcome outcome = Run({"run", "-c", folder.Write("edge.yaml", kThreeMistakes)});
  CHECK(outcome.exit == 78);
  CHECK(outcome.out.empty());
  CHECK(Contains(outcome.err, ":4:18: error: 'lots' is not a size"));
}

TEST_CASE("run: a wrong rule file exits with 78") {
  const TempFolder folder;
  folder.Write("a.yaml", "groups: 5\n");
  const std::string path = folder.Write(
      "edge.yaml", "vehicle: {id: a}\nrules: [a.yaml]\noutbox: {directory: " +
                       folder.Path("outbox") + "}\nuplink: {kafka: {bootstrap.servers: h}}\n");
  const Outcome outcome = Run({"run", "-c", path});
  CHECK(outcome.exit == 78);
  CHECK(Contains(outcome.err, "a.yaml:1:"));
}

}  // namespace fleet_edge::agent
