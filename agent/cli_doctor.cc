#include "agent/cli_doctor.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <functional>
#include <memory>
#include <string>

#include "agent/commands.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kDoctorHelp = R"(
Tries from this box all that the agent needs: configuration, rules, rights, devices, what the drivers read, clock, disk,
and the way to the hub: name, port, TLS, login, topics, a record that is marked as a test. A line each, with the mend.
It leaves nothing behind. With --json a line is an object; its keys and all identifiers are in docs/doctor.md.
As root it judges what the service's user may do.

Examples:
  sudo fleet-edge doctor -c /etc/fleet-edge/fleet-edge.yaml
  fleet-edge doctor -c my.yaml --no-send --json

Exit codes: 0 all well (notes allowed), 1 warnings, 2 wrong command line, 3 errors.)";

}  // namespace

void AddDoctorCommand(CLI::App& app, std::function<int()>& command) {
  CLI::App* const doctor =
      app.add_subcommand("doctor", "Tries everything from this box, and says how to mend it.");
  doctor->footer(kDoctorHelp);
  const auto arguments = std::make_shared<DoctorArguments>();
  doctor->add_option("-c,--config", arguments->config, "The configuration")
      ->required()
      ->type_name("FILE");
  doctor->add_flag("!--no-send", arguments->sends, "No test record to the hub");
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

}  // namespace fleet_edge::agent
