#include "simulators/verify_command.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/arguments.h"
#include "simulators/report.h"
#include "simulators/report_json.h"
#include "simulators/report_table.h"
#include "simulators/stop_signal.h"
#include "simulators/topics.h"
#include "simulators/verification.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(
Reads the hub from its beginning, as any Kafka consumer would, and holds it against the ledger of
a run: a table, and exit code 0 only if nothing is lost, duplicated, out of order, altered, and no
alert is missing or too many.

  fleet-sim verify --kafka 127.0.0.1:9092 --ledger trip.ledger
  fleet-sim verify --kafka hub.example:9093 -X security.protocol=SASL_SSL -X … --ledger trip.ledger

Start it before the run or after it: it ends when the ledger has its end and everything is there.
fleet-hub keeps the newest 5 MiB of a partition only: for a long run start verify first, with a
ledger that is not there yet. What arrives twice under one key (vehicle, epoch, seq) is dropped, as
every consumer should: that is `repeated on the wire`, and allowed.)";

void DeclareKilled(CLI::App& verify, VerificationOptions& options) {
  verify
      .add_option_function<std::vector<std::string>>(
          "--killed-at",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const std::optional<UtcTime> at = ParseUtcTime(text);
              if (!at) {
                throw CLI::ValidationError(
                    "--killed-at", "'" + text + "' is no time. Write 2026-11-21T06:28:35.250Z");
              }
              options.killed_at.push_back(*at);
            }
          },
          "When the agent was ended by SIGKILL, ISO 8601; as `fleet-sim note`. May be repeated.")
      ->type_name("TIME")
      ->allow_extra_args(false);
}

void DeclareProperties(CLI::App& verify, VerificationOptions& options) {
  verify
      .add_option_function<std::vector<std::string>>(
          "-X,--property",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const std::size_t equals = text.find('=');
              if (equals == std::string::npos) {
                throw CLI::ValidationError("-X", "'" + text + "' is no property. Write name=value");
              }
              options.hub.properties[text.substr(0, equals)] = text.substr(equals + 1);
            }
          },
          "Any librdkafka property, name=value. May be repeated.")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

}  // namespace

CLI::App& AddVerifyCommand(CLI::App& app, VerifyOptions& options) {
  CLI::App& verify = *app.add_subcommand("verify", "Holds the hub against the ledger of a run.");
  verify.footer(kHelp);
  VerificationOptions& run = options.verification;
  run.hub.topics.assign(kTopics.begin(), kTopics.end());
  verify.add_option("--kafka", run.hub.address, "The hub, host:port.")
      ->required()
      ->type_name("ADDRESS");
  verify.add_option("--ledger", run.ledger, "The run's ledger.")->required()->type_name("FILE");
  verify.add_flag("--json", options.json, "One JSON object instead of the table.");
  AddDuration(verify, "--timeout", run.timeout,
              "Gives up when nothing has come for so long, on neither side.");
  AddDuration(verify, "--settle", run.settle,
              "Once all is there, how long to look for what is too many.");
  AddDuration(verify, "--durable-within", run.durable_within,
              "The agents' promise: what is younger may be lost in a SIGKILL.");
  AddDuration(verify, "--slack", run.slack,
              "How long a reading may take from the sensor into the agent.");
  AddDuration(verify, "--lateness", run.lateness, "Of the rules; latencies count from there.");
  DeclareKilled(verify, run);
  DeclareProperties(verify, run);
  return verify;
}

int Verify(const VerifyOptions& options, StopSignal& stop) {
  const Report report = VerifyRun(options.verification, stop);
  std::fputs((options.json ? ToJson(report) + "\n" : ToTable(report)).c_str(), stdout);
  return report.Holds() ? 0 : 1;
}

}  // namespace fleet_edge::simulators
