#include "simulators/run_command.h"

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <string>

#include "core/time.h"
#include "simulators/anomaly.h"
#include "simulators/arguments.h"
#include "simulators/fleet_run.h"
#include "simulators/scenario.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(
Simulated tankers publish their sensors over MQTT, in real time, and a ledger keeps the truth:
every reading sent and every alert that must follow. `fleet-sim verify` holds the hub against it.

  fleet-sim run --broker mqtt://127.0.0.1:1883 --ledger trip.ledger
  fleet-sim run --broker mqtt://127.0.0.1:1883 --ledger load.ledger \
      --vehicles 20 --one-topic --hz 1000 --calm --duration 10s      20,000 messages/s

Topics, JSON payloads, times in ms since 1970, speeds in m/s:
  <prefix>/<vehicle>/engine        {"ts","coolant","speed","rpm"}
  <prefix>/<vehicle>/cargo/<zone>  {"ts","celsius"}
  <prefix>/<vehicle>/gnss          {"ts","lat","lon","speed","course"}
  <prefix>/<vehicle>/telemetry     {"ts","coolant","speed","rpm","lat","lon"}, with --one-topic

In every minute or so, and in the first, each vehicle's sensors make believe that its engine
overheats, one zone of its container heats up, and it speeds. The agent's alerts on
<prefix>/<vehicle>/alerts are timed.

With --scenario FILE the vehicles, the duration and what happens are the file's. When an event begins or
ends a line on stdout says so, for whoever takes the hub down or cuts the power:
  {"step":"hub_down","change":"begins","seconds":30}

Faster than real time the readings' times run ahead of the clock: the agent needs a quality.max_skew of
the whole run, and its rules look at an instant only when their clock is there.)";

// In milliseconds, which the payload's times are told in, a sensor can't be faster.
constexpr double kMaxHz = 1000;

/// Options that a scenario decides in the place of the command line.
void AddPlan(CLI::App& run, CLI::Option& scenario, FleetRun::Options& options) {
  run.add_option("--vehicles", options.vehicles, "How many.")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str()
      ->excludes(&scenario);
  run.add_option("--name", options.name, "Of the vehicles: NAME-1, NAME-2, …")
      ->capture_default_str()
      ->excludes(&scenario);
  run.add_option("--seed", options.seed, "The same seed gives the same trips and troubles.")
      ->capture_default_str()
      ->excludes(&scenario);
  AddDuration(run, "--duration", options.duration,
              "How long; 40s and more let every alert resolve.");
  run.get_option("--duration")->excludes(&scenario);
  run.add_option("--zones", options.zones, "Of the container.")
      ->check(CLI::Range(1, 16))
      ->capture_default_str()
      ->excludes(&scenario);
  run.add_flag_callback(
         "--calm", [&options] { options.anomalies = false; }, "Nothing goes wrong.")
      ->excludes(&scenario);
}

void AddPace(CLI::App& run, FleetRun::Options& options) {
  CLI::Option* const speed =
      run.add_option("--speed", options.speed,
                     "Times real time. Event time then runs ahead of the clock.")
          ->check(CLI::PositiveNumber)
          ->type_name("X");
  run.add_flag_callback(
         "--as-fast-as-possible", [&options] { options.speed = 0; }, "… as the broker takes it.")
      ->excludes(speed);
}

}  // namespace

CLI::App& AddRunCommand(CLI::App& app, RunOptions& options) {
  CLI::App& run =
      *app.add_subcommand("run", "Vehicles that publish over MQTT, and the ledger of it.");
  run.footer(kHelp);
  run.add_option("--broker", options.run.broker, "MQTT broker, mqtt://host:port.")
      ->required()
      ->type_name("URL");
  run.add_option("--ledger", options.run.ledger, "File of the truth; replaced when it is there.")
      ->required()
      ->type_name("FILE");
  CLI::Option* const scenario =
      run.add_option("--scenario", options.scenario, "Who drives, how long, and what happens.")
          ->type_name("FILE");
  AddPlan(run, *scenario, options.run);
  AddPace(run, options.run);
  run.add_option("--prefix", options.run.prefix, "Of the topics.")->capture_default_str();
  run.add_option("--hz", options.run.hz, "Messages a second of each sensor.")
      ->check(CLI::Range(0.01, kMaxHz))
      ->capture_default_str();
  run.add_flag("--one-topic", options.run.one_topic,
               "One message of five readings instead of engine, cargo and gnss.");
  run.add_option("--qos", options.run.qos, "MQTT quality of service; the promise starts at 1.")
      ->check(CLI::Range(0, 1))
      ->capture_default_str();
  return run;
}

int Run(const RunOptions& given, StopSignal& stop) {
  FleetRun::Options options = given.run;
  if (!given.scenario.empty()) {
    options.scenario = LoadScenario(given.scenario);
    options.seed = options.scenario->seed;
    options.duration = options.scenario->duration;
    options.vehicles = static_cast<int>(options.scenario->Members().size());
  } else if (options.anomalies && options.duration < kShortestTroubledRun) {
    std::fprintf(stderr, "fleet-sim: nothing goes wrong in a run below %s: alerts need time\n",
                 ToString(kShortestTroubledRun).c_str());
  }
  FleetRun run(options);
  std::fprintf(stderr, "fleet-sim: %d vehicle(s) for %s, seed %" PRIu64 "\n", options.vehicles,
               ToString(options.duration).c_str(), options.seed);
  const FleetRun::Summary summary = run.Run(stop);
  std::fprintf(stderr,
               "fleet-sim: sent %" PRIu64 " messages, %" PRIu64 " readings; %" PRIu64
               " not acknowledged\n",
               summary.messages, summary.readings, summary.unacknowledged);
  if (summary.not_taken != 0) {
    std::fprintf(stderr,
                 "fleet-sim: %" PRIu64
                 " messages were due while the broker took none; they were never sent and are not "
                 "in the ledger\n",
                 summary.not_taken);
  }
  return summary.messages == 0 ? 1 : 0;
}

}  // namespace fleet_edge::simulators
