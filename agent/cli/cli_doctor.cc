#include "agent/cli/cli_doctor.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <functional>
#include <memory>
#include <string>

#include "agent/cli/commands.h"
#include "agent/cli/config_option.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kDoctorHelp =
    R"(Tries from this box all that the agent needs: configuration, rules, rights, devices, what the drivers read, clock, disk,
and the way to the hub: name, port, TLS, login, topics, a record that is marked as a test. A line each, with the mend.
It leaves nothing behind. With --json a line is an object. The guide's doctor.md has its keys, troubleshooting.md all identifiers.
As root it judges what the service's user may do.

Examples:
  sudo fleet-edge doctor
  fleet-edge doctor -c my.yaml --no-send --json

Exit codes: 0 all well (notes allowed), 1 warnings, 2 wrong command line, 3 errors.)";

constexpr const char* kInitHelp =
    R"(Looks for the box's devices (serial ports that speak NMEA, CAN interfaces, 1-Wire probes, gpsd, an MQTT broker),
asks for the rest on a terminal, and writes a configuration that works, with comments; `check` is run on it.
It writes over no file without --force.

Examples:
  fleet-edge init
  fleet-edge init -o my.yaml --vehicle tanker-17 --hub hub.example:9093 --yes
  fleet-edge init -o my.yaml --hub hub.example:9093 --driver nmea:/dev/ttyUSB0 --driver can:can0

Exit codes: 0 written, 1 it can't be written or has mistakes, 2 wrong command line.)";

void AddInit(CLI::App& app, std::function<int()>& command) {
  CLI::App* const init = app.add_subcommand("init", "Writes a first configuration of this box.");
  init->footer(kInitHelp);
  const auto arguments = std::make_shared<InitArguments>();
  init->add_option("-o,--output", arguments->out, "Where; default fleet-edge.yaml")
      ->type_name("FILE");
  init->add_option("--vehicle", arguments->vehicle, "Its name on the hub; default the host's")
      ->type_name("ID");
  init->add_option("--hub", arguments->hub, "The Kafka hub")->type_name("HOST:PORT");
  init->add_option("--driver", arguments->drivers, "In place of looking for devices; repeatable")
      ->type_name("KIND:DEVICE");
  init->add_flag("--yes", arguments->yes, "Ask nothing: take what is found");
  init->add_flag("--force", arguments->force, "Write over a file that is there");
  init->add_option("--root", arguments->root, "Where /dev and /sys are, for tests")->group("");
  init->callback([&command, arguments] { command = [arguments] { return Init(*arguments); }; });
}

void AddDoctor(CLI::App& app, std::function<int()>& command) {
  CLI::App* const doctor =
      app.add_subcommand("doctor", "Tries everything from this box, and says how to mend it.");
  doctor->footer(kDoctorHelp);
  const auto arguments = std::make_shared<DoctorArguments>();
  AddConfigOption(*doctor, arguments->config);
  doctor->add_flag_callback(
      "--no-send", [arguments] { arguments->sends = false; }, "No test record to the hub");
  doctor
      ->add_option_function<std::string>(
          "--timeout",
          [arguments](const std::string& text) {
            arguments->timeout = ParseDuration(text).value_or(arguments->timeout);
          },
          "For all of it; default 30s")
      ->check(CLI::Validator(
          [](const std::string& text) {
            const auto timeout = ParseDuration(text);
            return timeout && *timeout > Duration{0} ? std::string() : "write a duration like 10s";
          },
          ""))
      ->type_name("DURATION");
  doctor->add_option("--user", arguments->user, "Whom the service runs as; default fleet-edge")
      ->type_name("NAME");
  doctor->add_flag("--json", arguments->json, "A JSON object a line");
  doctor->callback(
      [&command, arguments] { command = [arguments] { return Examine(*arguments); }; });
}

}  // namespace

void AddDoctorCommands(CLI::App& app, std::function<int()>& command) {
  AddDoctor(app, command);
  AddInit(app, command);
}

}  // namespace fleet_edge::agent
