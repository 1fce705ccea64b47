#include "agent/cli/command_words.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/nearest.h"

namespace fleet_edge::agent {
namespace {

std::vector<const CLI::App*> CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// Those that --help lists.
std::vector<std::string_view> NamesOf(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string_view> names;
  for (const CLI::App* const command : commands) {
    if (!command->get_group().empty()) names.emplace_back(command->get_name());
  }
  return names;
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace

std::string WrongCommand(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  std::string path = app.get_name();
  for (const std::string& word : words) {
    const auto commands = CommandsOf(*at);
    if (commands.empty() || word.starts_with('-')) return {};
    const auto next = std::ranges::find(commands, word, &CLI::App::get_name);
    if (next == commands.end()) {
      const auto names = NamesOf(commands);
      const std::string_view nearest = Nearest(word, names);
      std::string text = path;
      text.append(": no command is called '").append(word).append("'. ");
      if (nearest.empty()) return text.append("There are ").append(Joined(names)).append("\n");
      return text.append("Did you mean ").append(nearest).append("?\n");
    }
    at = *next;
    path.append(" ").append(word);
  }
  const auto names = NamesOf(CommandsOf(*at));
  if (names.empty()) return {};
  std::string text = path;
  text.append(": name a command: ").append(Joined(names));
  return text.append(". `").append(path).append(" --help` tells more\n");
}

}  // namespace fleet_edge::agent
