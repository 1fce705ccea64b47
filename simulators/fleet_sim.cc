// fleet-sim: simulated vehicles, their truth, and the hub held against it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "core/version.h"
#include "simulators/agents/fleet_command.h"
#include "simulators/arguments.h"
#include "simulators/devices_command.h"
#include "simulators/interfaces/devices_run.h"
#include "simulators/judge_command.h"
#include "simulators/note_command.h"
#include "simulators/record_command.h"
#include "simulators/run_command.h"
#include "simulators/stop_signal.h"
#include "simulators/verify_command.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(Simulated vehicles: they publish their sensors, keep the truth in a ledger, and hold the hub
against it. No vehicle is needed.

  fleet-sim run --broker mqtt://127.0.0.1:1883 --ledger trip.ledger &
  fleet-sim verify --kafka 127.0.0.1:9092 --ledger trip.ledger
  fleet-sim devices --dir truck --ledger truck.ledger
  fleet-sim fleet --vehicles 10000 --hub 127.0.0.1:9092 --ledger fleet.ledger

`fleet-sim COMMAND --help` tells more of each.
)";

int Main(int argc, char** argv) {
  StopSignal stop;
  CLI::App app(kHelp, "fleet-sim");
  app.set_help_flag("-h,--help", "This text.");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  RunOptions run_options;
  DevicesRun::Options devices_options;
  VerifyOptions verify_options;
  NoteOptions note_options;
  RecordOptions record_options;
  JudgeOptions judge_options;
  agents::FleetOptions fleet_options;
  const CLI::App& run = AddRunCommand(app, run_options);
  const CLI::App& devices = AddDevicesCommand(app, devices_options);
  const CLI::App& verify = AddVerifyCommand(app, verify_options);
  const CLI::App& record = AddRecordCommand(app, record_options);
  const CLI::App& judge = AddJudgeCommand(app, judge_options);
  AddNoteCommand(app, note_options);
  const CLI::App& fleet = agents::AddFleetCommand(app, fleet_options);
  if (const std::optional<int> exit = ReadArguments(app, argc, argv)) return *exit;
  try {
    if (run.parsed()) return Run(run_options, stop);
    if (devices.parsed()) return RunDevices(devices_options, stop);
    if (verify.parsed()) return Verify(verify_options, stop);
    if (record.parsed()) return Record(record_options, stop);
    if (judge.parsed()) return Judge(judge_options);
    if (fleet.parsed()) return agents::RunFleet(fleet_options, stop);
    return Note(note_options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fleet-sim: %s\n", error.what());
    return 1;
  }
}

}  // namespace
}  // namespace fleet_edge::simulators

int main(int argc, char** argv) { return fleet_edge::simulators::Main(argc, argv); }
