#include "agent/cli/cli_config.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "agent/cli/commands.h"
#include "agent/cli/config_option.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kConfigHelp = R"(Examples:
  fleet-edge config show
  fleet-edge config schema > fleet-edge.schema.json)";

constexpr const char* kShowHelp =
    R"(Every key with its value and where that comes from: a file and line, the environment, a credential, or the default.
What is secret is shown as ***. The output is YAML; with --json a line is an object:
key (the path's parts), value, secret, file, line, column, origins.

Example:
  fleet-edge config show | less

Exit codes: 0 shown, 1 the configuration has errors (on stderr), 2 wrong command line.)";

constexpr const char* kSchemaHelp =
    R"(Of a configuration file and of a fragment of conf.d, in JSON Schema 2020-12. An editor that speaks YAML's language server
completes and checks keys by it, with this as the file's first line:
  # yaml-language-server: $schema=fleet-edge.schema.json

Example:
  fleet-edge config schema > /etc/fleet-edge/fleet-edge.schema.json)";

}  // namespace

void AddConfigCommands(CLI::App& app, std::function<int()>& command) {
  CLI::App* const config = app.add_subcommand("config", "Shows what the configuration says.");
  config->footer(kConfigHelp);
  config->require_subcommand(1);
  const auto arguments = std::make_shared<ConfigArguments>();
  CLI::App* const show = config->add_subcommand("show", "All values in force, and their origin.");
  show->footer(kShowHelp);
  AddConfigOption(*show, arguments->config);
  show->add_flag("--json", arguments->json, "A JSON object a line");
  show->callback(
      [&command, arguments] { command = [arguments] { return ShowConfig(*arguments); }; });

  CLI::App* const schema = config->add_subcommand("schema", "The JSON Schema, for editors.");
  schema->footer(kSchemaHelp);
  schema->callback([&command] { command = [] { return PrintConfigSchema(); }; });
}

}  // namespace fleet_edge::agent
