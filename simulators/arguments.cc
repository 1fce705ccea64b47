#include "simulators/arguments.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "core/time.h"

namespace fleet_edge::simulators {

void AddDuration(CLI::App& app, const char* name, Duration& value, const std::string& help) {
  app.add_option_function<std::string>(
         name,
         [&value, name](const std::string& text) {
           const std::optional<Duration> read = ParseDuration(text);
           if (!read) {
             throw CLI::ValidationError(name, "'" + text + "' is no duration. Write 45s or 500ms");
           }
           value = *read;
         },
         help)
      ->type_name("DURATION")
      ->default_str(ToString(value));
}

std::optional<int> ReadArguments(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
}

}  // namespace fleet_edge::simulators
