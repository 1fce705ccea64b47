#include "simulators/record_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/recorder.h"
#include "simulators/roads.h"
#include "simulators/scenario.h"
#include "simulators/stop_signal.h"
#include "simulators/vehicle.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(
Lives through a scenario and writes what each vehicle's sensors show, as a CSV for `fleet-edge replay`:
a row every 100 ms, each signal as often as vehicles measure it. With several vehicles each has a file
of its own: trip.csv becomes trip.tanker-1.csv, trip.tanker-2.csv, …

  fleet-sim record --scenario simulators/scenarios/thermostat-sticks.yaml --out trip.csv
  fleet-edge replay trip.csv --rules 'rules/examples/tanker/*.yaml'

What is not called .csv holds less: .nmea is what the GNSS receiver says, .candump a truck's bus with SAE
J1939. Both play side by side:

  fleet-edge replay trip.nmea trip.candump --rules 'rules/examples/tanker/*.yaml'

The scenarios are in simulators/scenarios of the sources, /usr/share/fleet-edge/scenarios of the package; their reference is
fleet-sim-scenario(5), simulators/README.md of the sources.)";

constexpr std::chrono::milliseconds kRow{100};

std::string PathOf(const std::string& out, const std::string& vehicle, bool alone) {
  if (alone) return out;
  std::filesystem::path path(out);
  const std::string end = path.extension().string();
  return path.replace_extension("." + vehicle + end).string();
}

const char* NameOfCount(const std::string& out) {
  const std::string_view format = RecordingFormatOf(out);
  return format == "nmea" ? "epochs" : format == "candump" ? "frames" : "readings";
}

/// A vehicle and its file.
struct Recording {
  Vehicle vehicle;
  std::unique_ptr<Recorder> recorder;
};

}  // namespace

CLI::App& AddRecordCommand(CLI::App& app, RecordOptions& options) {
  CLI::App& record =
      *app.add_subcommand("record", "A scenario as recordings for `fleet-edge replay`.");
  record.footer(kHelp);
  record.add_option("--scenario", options.scenario, "What happens.")->required()->type_name("FILE");
  record.add_option("--out", options.out, "Where to; replaced when it is there.")
      ->required()
      ->type_name("FILE");
  CLI::Option* const speed =
      record.add_option("--speed", options.speed, "Times real time, row by row.")
          ->check(CLI::PositiveNumber)
          ->type_name("X");
  record
      .add_flag_callback(
          "--as-fast-as-possible", [&options] { options.speed = 0; }, "The default.")
      ->excludes(speed);
  return record;
}

int Record(const RecordOptions& options, StopSignal& stop) {
  const Scenario scenario = LoadScenario(options.scenario);
  const Roads roads;
  const std::vector<Scenario::Member> members = scenario.Members();
  std::deque<Recording> recordings;
  for (const Scenario::Member& member : members) {
    Vehicle vehicle(member.setup, *roads.Cycle(member.cycle), roads.track());
    const std::string path = PathOf(options.out, member.setup.id, members.size() == 1);
    std::unique_ptr<Recorder> recorder = MakeRecorder(path, vehicle.state(), scenario.start);
    recordings.push_back({.vehicle = std::move(vehicle), .recorder = std::move(recorder)});
  }
  const auto begin = std::chrono::steady_clock::now();
  for (Duration now{}; now < scenario.duration; now += kRow) {
    if (options.speed > 0) {
      const std::chrono::duration<double> due(ToSeconds(now) / options.speed);
      const auto when =
          begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(due);
      for (Recording& recording : recordings) recording.recorder->Flush();
      if (stop.WaitUntil(when)) break;
    } else if (stop.raised()) {
      break;
    }
    for (auto& [vehicle, recorder] : recordings) {
      vehicle.Advance(ToSeconds(now));
      recorder->Add(now, vehicle.Shown());
    }
  }
  std::size_t count = 0;
  for (Recording& recording : recordings) {
    recording.recorder->Flush();
    count += recording.recorder->count();
  }
  std::fprintf(stderr, "fleet-sim: %zu vehicle(s), %s, %zu %s\n", recordings.size(),
               ToString(scenario.duration).c_str(), count, NameOfCount(options.out));
  return 0;
}

}  // namespace fleet_edge::simulators
