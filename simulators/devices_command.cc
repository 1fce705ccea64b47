#include "simulators/devices_command.h"

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "simulators/arguments.h"
#include "simulators/interfaces/devices_run.h"
#include "simulators/interfaces/unplugging.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(
One simulated truck on the interfaces of a real one, all at once, in real time:

  can     J1939 behind an SLCAN adapter, DIR/can
  gpsd    gpsd's JSON on a port of 127.0.0.1
  modbus  Modbus TCP on a port of 127.0.0.1
  mqtt    JSON on a broker, with --broker
  nmea    a GNSS receiver, DIR/gnss; in place of gpsd
  obd     an ELM327 adapter, DIR/obd
  probes  1-Wire, hwmon, IIO and a thermal zone, DIR/sys

DIR/fleet-edge.yaml is a configuration of the agent that fits; its rules are those of which the
ledger knows what must follow. The truck leaves when the agent listens.

  fleet-sim devices --dir truck --ledger truck.ledger --unplug can@20s+5s &
  fleet-edge run -c truck/fleet-edge.yaml &
  fleet-sim verify --kafka 127.0.0.1:9092 --ledger truck.ledger)";

}  // namespace

CLI::App& AddDevicesCommand(CLI::App& app, DevicesRun::Options& options) {
  CLI::App& devices =
      *app.add_subcommand("devices", "A vehicle on its real interfaces, and the ledger of it.");
  devices.footer(kHelp);
  devices.add_option("--dir", options.folder, "Where the devices and the configuration are.")
      ->required()
      ->type_name("DIR");
  devices.add_option("--ledger", options.ledger, "File of the truth; replaced when it is there.")
      ->required()
      ->type_name("FILE");
  devices.add_option("--vehicle", options.vehicle, "Its name.")->capture_default_str();
  devices.add_option("--seed", options.seed, "The same seed gives the same trip and troubles.")
      ->capture_default_str();
  AddDuration(devices, "--duration", options.duration, "How long, from its leaving on.");
  devices.add_option("--speed", options.speed, "Seconds of its life in a second.")
      ->check(CLI::Range(0.1, 100.0))
      ->capture_default_str();
  devices.add_flag_callback(
      "--calm", [&options] { options.anomalies = false; }, "Nothing goes wrong with the vehicle.");
  devices
      .add_option("--devices", options.devices,
                  "Which, separated by commas. Default: all but nmea.")
      ->delimiter(',')
      ->check(CLI::IsMember(std::vector<std::string>(kDevices.begin(), kDevices.end())))
      ->type_name("NAME,…");
  devices.add_option("--broker", options.broker, "MQTT broker, mqtt://host:port.")
      ->type_name("URL");
  devices.add_option("--hub", options.hub, "Kafka, for the configuration: host:port.")
      ->capture_default_str();
  devices
      .add_option_function<std::vector<std::string>>(
          "--unplug",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const std::optional<Unplugging> unplugging = ParseUnplugging(text);
              if (!unplugging) {
                throw CLI::ValidationError("--unplug", "'" + text + "': write can@20s+5s");
              }
              options.unpluggings.push_back(*unplugging);
            }
          },
          "can@20s+5s: 20 s after its leaving, for 5 s. May be repeated.")
      ->type_name("DEVICE@AT+AWAY");
  AddDuration(devices, "--patience", options.patience, "How long to wait for the agent.");
  return devices;
}

int RunDevices(const DevicesRun::Options& options, StopSignal& stop) {
  DevicesRun run(options);
  std::printf("%s\n", run.configuration().c_str());
  std::fflush(stdout);
  run.Await(stop);
  for (const std::string& name : run.Unattended()) {
    std::fprintf(stderr, "fleet-sim: nobody listens to %s; leaving all the same\n", name.c_str());
  }
  const DevicesRun::Summary summary = run.Run(stop);
  std::fprintf(stderr, "fleet-sim: said %" PRIu64 " messages, %" PRIu64 " readings\n",
               summary.messages, summary.readings);
  return summary.messages == 0 ? 1 : 0;
}

}  // namespace fleet_edge::simulators
