#include "simulators/judge_command.h"

#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <istream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/expectation.h"
#include "simulators/scenario.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(
Holds the alerts that rules make of a recorded scenario against those that the scenario expects. Each of
`must` fires in its window, those of `may` are left open, and nothing else fires.

  fleet-sim record --scenario door-opens.yaml --out trip.csv
  fleet-edge replay trip.csv --rules 'rules/examples/tanker/*.yaml' --json |
      fleet-sim judge --scenario door-opens.yaml --alerts -

No line at all is no alert: `set -o pipefail` tells of a replay that failed.

Exit codes: 0 as expected, 1 not, 2 wrong command line.)";

/// A line of `fleet-edge replay --json`; nothing when it is no change to firing. Throws
/// std::runtime_error when it is no such line.
std::optional<Expectation::Firing> ReadFiring(std::string_view line, UtcTime start) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(line);
  simdjson::dom::object object;
  std::string_view time;
  std::string_view alert;
  std::string_view state;
  simdjson::dom::object labels;
  if (parser.parse(padded).get(object) != simdjson::SUCCESS ||
      object["time"].get(time) != simdjson::SUCCESS ||
      object["alert"].get(alert) != simdjson::SUCCESS ||
      object["state"].get(state) != simdjson::SUCCESS ||
      object["labels"].get(labels) != simdjson::SUCCESS) {
    throw std::runtime_error("no line of `fleet-edge replay --json`: " + std::string(line));
  }
  if (state != "firing") return std::nullopt;
  const std::optional<UtcTime> at = ParseUtcTime(time);
  if (!at) return std::nullopt;
  Expectation::Firing firing{.alert = std::string(alert), .labels = {}, .since_start = *at - start};
  for (const auto& [name, value] : labels) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) firing.labels.Set(name, text);
  }
  return firing;
}

std::vector<Expectation::Firing> ReadFirings(std::istream& lines, UtcTime start) {
  std::vector<Expectation::Firing> firings;
  for (std::string line; std::getline(lines, line);) {
    if (auto firing = ReadFiring(line, start)) firings.push_back(std::move(*firing));
  }
  return firings;
}

std::string VehicleOf(const JudgeOptions& options, const Scenario& scenario) {
  const std::vector<Scenario::Member> members = scenario.Members();
  if (options.vehicle.empty()) {
    if (members.size() == 1) return members.front().setup.id;
    throw std::runtime_error("the scenario has several vehicles. Say which with --vehicle");
  }
  const bool known = std::ranges::any_of(members, [&options](const Scenario::Member& member) {
    return member.setup.id == options.vehicle;
  });
  if (!known) throw std::runtime_error("the scenario has no vehicle '" + options.vehicle + "'");
  return options.vehicle;
}

}  // namespace

CLI::App& AddJudgeCommand(CLI::App& app, JudgeOptions& options) {
  CLI::App& judge =
      *app.add_subcommand("judge", "The alerts of a replay against those a scenario expects.");
  judge.footer(kHelp);
  judge.add_option("--scenario", options.scenario, "What was recorded.")
      ->required()
      ->type_name("FILE");
  judge.add_option("--alerts", options.alerts, "From `fleet-edge replay --json`; - is stdin.")
      ->required()
      ->type_name("FILE");
  judge.add_option("--vehicle", options.vehicle, "Whose, when there are several.");
  return judge;
}

int Judge(const JudgeOptions& options) {
  const Scenario scenario = LoadScenario(options.scenario);
  const std::string vehicle = VehicleOf(options, scenario);
  std::vector<Expectation::Firing> firings;
  if (options.alerts == "-") {
    firings = ReadFirings(std::cin, scenario.start);
  } else {
    std::ifstream file(options.alerts);
    if (!file) throw std::runtime_error("can't read " + options.alerts + ". Check its path");
    firings = ReadFirings(file, scenario.start);
  }
  const std::vector<std::string> wrong = scenario.expect.Judge(vehicle, firings);
  for (const std::string& line : wrong) std::printf("%s\n", line.c_str());
  std::fprintf(stderr, "fleet-sim: %zu alert(s) fired, %zu finding(s)\n", firings.size(),
               wrong.size());
  return wrong.empty() ? 0 : 1;
}

}  // namespace fleet_edge::simulators
