#include "simulators/agents/fleet_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/service/log.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/time.h"
#include "simulators/agents/fleet.h"
#include "simulators/agents/fleet_rules.h"
#include "simulators/agents/hub_line.h"
#include "simulators/agents/paced_fleet.h"
#include "simulators/agents/progress.h"
#include "simulators/alert_rule.h"
#include "simulators/arguments.h"
#include "simulators/fleet_plan.h"
#include "simulators/grouped.h"
#include "simulators/outage.h"
#include "simulators/stop_signal.h"
#include "uplink/kafka_producer.h"

namespace fleet_edge::agents {
namespace {

using simulators::Grouped;
using std::chrono::seconds;

constexpr const char* kHelp =
    R"(
A whole fleet in one process: for each vehicle the agent's own pipeline, rules, encoding and outbox,
twenty signals once a second, and one connection to the hub. It loads the hub, and what is behind it.

  fleet-sim fleet --vehicles 10000 --hub 127.0.0.1:9092 --ledger fleet.ledger --duration 10m
  fleet-sim verify --kafka 127.0.0.1:9092 --ledger fleet.ledger

In an outage the agents can't reach the hub; they hold what they seal in memory, up to --outbox each,
and come back one by one, each after its own wait:
  fleet-sim fleet … --duration 10m --outage 120s@300s

The same seed gives the same fleet: its ledger is the seed, and a few hundred bytes in all. The alerts
of the rules that are built in are verified; with --rules they are only counted.)";

constexpr std::uint32_t kMostVehicles = 100'000;  // some 5 GB of memory

void DeclareLists(CLI::App& fleet, FleetOptions& options) {
  fleet
      .add_option_function<std::vector<std::string>>(
          "--outage",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const auto outage = simulators::ParseOutage(text);
              if (!outage) {
                throw CLI::ValidationError("--outage", "'" + text +
                                                           "' is no outage. Write 120s@300s: 120 s "
                                                           "long, 300 s after the start");
              }
              options.outages.push_back(*outage);
            }
          },
          "The network is away for LENGTH, START after the start. May be repeated.")
      ->type_name("LENGTH@START")
      ->allow_extra_args(false);
  fleet
      .add_option_function<std::vector<std::string>>(
          "-X,--property",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const std::size_t equals = text.find('=');
              if (equals == std::string::npos) {
                throw CLI::ValidationError("-X", "'" + text + "' is no property. Write name=value");
              }
              options.properties[text.substr(0, equals)] = text.substr(equals + 1);
            }
          },
          "Any librdkafka property, name=value. May be repeated.")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

void DeclareOutbox(CLI::App& fleet, FleetOptions& options) {
  fleet
      .add_option_function<std::string>(
          "--outbox",
          [&options](const std::string& text) {
            const std::optional<Bytes> read = ParseBytes(text);
            if (!read) {
              throw CLI::ValidationError("--outbox", "'" + text + "' is no size. Write 1MiB");
            }
            options.outbox = *read;
          },
          "Of each agent, for what waits; beyond it the oldest telemetry goes, counted.")
      ->type_name("SIZE")
      ->default_str(ToString(options.outbox));
}

/// So that the run ends with the wall clock, and nothing is from the future: hubs refuse that.
UtcTime StartOf(const FleetOptions& options) {
  const UtcTime now = SystemClock().Now();
  const Duration all = options.duration + options.plan.spread + seconds{30};
  if (options.as_fast_as_possible) return now - all;
  const double share = std::max(0.0, 1 - 1 / options.speed);
  return now - std::chrono::duration_cast<Duration>(all * share);
}

/// Throws std::runtime_error when it is none that can be simulated and verified.
void CheckLength(const FleetOptions& options) {
  const auto measured_s = static_cast<std::uint64_t>(options.duration / seconds{1});
  if (measured_s == 0) throw std::runtime_error("--duration: less than a second measures nothing");
  const std::uint64_t most_s = simulators::kMostFleetInstants / options.plan.vehicles;
  if (measured_s > most_s) {
    throw std::runtime_error(
        "--duration: verify would need more than 4 GiB for so many vehicles; "
        "at most " +
        ToString(Duration(seconds{most_s})));
  }
}

PacedFleet::Options Prepare(const FleetOptions& options) {
  CheckLength(options);
  PacedFleet::Options prepared;
  prepared.ledger = options.ledger;
  prepared.patience = options.patience;
  prepared.speed =
      options.as_fast_as_possible ? std::nullopt : std::optional<double>(options.speed);
  prepared.fleet.plan = options.plan;
  prepared.fleet.plan.seconds = static_cast<std::uint32_t>(options.duration / seconds{1});
  prepared.fleet.plan.start = std::chrono::floor<std::chrono::milliseconds>(StartOf(options));
  prepared.fleet.plan.spread = std::max<Duration>(options.send_every, seconds{1});
  prepared.fleet.outages = options.outages;
  prepared.fleet.send_every = options.send_every;
  prepared.fleet.outbox = options.outbox;
  if (options.rules.empty()) {
    prepared.fleet.rules = {{"built in", std::string(FleetRules())}};
    for (const simulators::AlertRule& rule : simulators::kTankerAlerts) {
      prepared.judged_alerts.emplace_back(rule.alert);
    }
  } else {
    auto rules = agent::ReadRuleFiles(options.rules);
    if (!rules) throw std::runtime_error(rules.error().message);
    prepared.fleet.rules = std::move(*rules);
  }
  return prepared;
}

void Print(const PacedFleet::Summary& summary, std::uint32_t vehicles) {
  const auto ratio = [](Duration part, Duration whole) {
    return ToSeconds(part) / std::max(ToSeconds(whole), 1e-6);
  };
  std::fprintf(stderr,
               "fleet-sim: %s readings; records: %s acknowledged by the hub in %s messages, %s "
               "dropped, %s still waiting\n",
               Grouped(summary.counts.readings).c_str(),
               Grouped(summary.counts.acknowledged).c_str(),
               Grouped(summary.line.acknowledged).c_str(), Grouped(summary.counts.dropped).c_str(),
               Grouped(summary.counts.waiting).c_str());
  std::fprintf(stderr,
               "fleet-sim: %.0f s in %.1f s, at most %.1f s behind; %.2f s of CPU a simulated "
               "second, %.1f kB of memory a vehicle\n",
               ToSeconds(summary.simulated), ToSeconds(summary.took),
               ToSeconds(summary.most_behind), ratio(summary.cpu, summary.simulated),
               static_cast<double>(summary.memory.count) / 1000 / vehicles);
}

}  // namespace

CLI::App& AddFleetCommand(CLI::App& app, FleetOptions& options) {
  CLI::App& fleet = *app.add_subcommand("fleet", "A whole fleet of agents that load a hub.");
  fleet.footer(kHelp);
  fleet.add_option("--hub", options.hub, "The hub, host:port.")->required()->type_name("ADDRESS");
  fleet.add_option("--ledger", options.ledger, "File of the truth; replaced when it is there.")
      ->required()
      ->type_name("FILE");
  fleet.add_option("--vehicles", options.plan.vehicles, "How many.")
      ->check(CLI::Range(1U, kMostVehicles))
      ->capture_default_str();
  fleet.add_option("--name", options.plan.name, "Of the vehicles: NAME-1, NAME-2, …")
      ->capture_default_str();
  fleet.add_option("--seed", options.plan.seed, "The same seed gives the same fleet.")
      ->capture_default_str();
  simulators::AddDuration(fleet, "--duration", options.duration,
                          "How long each vehicle measures, in whole seconds.");
  simulators::AddDuration(fleet, "--send-every", options.send_every,
                          "As uplink.send_every and outbox.batch.max_age.");
  DeclareOutbox(fleet, options);
  fleet.add_option("--rules", options.rules, "Rule files instead of the rules that are built in.")
      ->type_name("FILE");
  CLI::Option* const speed =
      fleet.add_option("--speed", options.speed, "Simulated seconds a second.")
          ->check(CLI::Range(0.01, 1000.0))
          ->capture_default_str();
  fleet
      .add_flag("--as-fast-as-possible", options.as_fast_as_possible,
                "As fast as this machine and the hub can.")
      ->excludes(speed);
  simulators::AddDuration(fleet, "--patience", options.patience,
                          "How long to wait at the end for a hub that acknowledges nothing.");
  DeclareLists(fleet, options);
  return fleet;
}

int RunFleet(const FleetOptions& options, simulators::StopSignal& stop) {
  agent::SetUpLog({.level = "warning"}, agent::LogStyle::kPlain, stderr);
  const PacedFleet::Options prepared = Prepare(options);
  const uplink::KafkaProperties properties = LineProperties(options.hub, options.properties);
  HubLine line([&properties](uplink::KafkaProducer::Listener& listener) {
    return uplink::MakeKafkaProducer(properties, listener);
  });
  std::fprintf(stderr, "fleet-sim: making %s agents\n", Grouped(options.plan.vehicles).c_str());
  PacedFleet fleet(prepared, line);
  Progress progress(stderr, TerminalColumns(STDERR_FILENO));
  const PacedFleet::Summary summary = fleet.Run(stop, progress);
  Print(summary, options.plan.vehicles);
  return summary.counts.waiting == 0 && summary.counts.dropped == 0 ? 0 : 1;
}

}  // namespace fleet_edge::agents
