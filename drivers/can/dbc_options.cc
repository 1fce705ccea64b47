#include "drivers/can/dbc_options.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/signal.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/dbc.h"
#include "drivers/can/dbc_field.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {
namespace {

/// Nothing when it can't be read: errno says why. One byte more than is parsed, to see the bound.
std::optional<std::string> ReadText(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxDbcBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.gcount() == 0 && errno != 0)) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// The unit to convert from. A series without a unit of its own takes the number as it is.
std::string UnitOf(const std::string& series, const DbcSignalOptions& options,
                   const DbcField& field) {
  if (!options.unit.empty()) return options.unit;
  const Signal* const signal = FindSignal(series.substr(0, series.find('{')));
  return signal == nullptr || signal->unit.empty() ? std::string() : field.unit;
}

}  // namespace

void Describe(Section& section, DbcSignalOptions& options) {
  section.Require("signal", options.signal,
                  "Message.Signal of the DBC file, or Signal where one message alone has it.");
  section.Key("unit", options.unit,
              "The signal's unit, converted to the series'. Default: as the DBC file says.");
}

std::vector<CanDecoding::Channel> ReadDbcChannels(
    const std::string& path, const std::map<std::string, DbcSignalOptions>& signals,
    Position position, const Section::Context& context) {
  const std::string file = (std::filesystem::path(context.file).parent_path() / path).string();
  const auto text = ReadText(file);
  if (!text) {
    context.Fail(position, "can't read the DBC file " + file + ": " + std::strerror(errno),
                 "Check the path, which counts from this file's folder, and its permissions");
    return {};
  }
  const Dbc dbc = ParseDbc(*text, file, context.diagnostics);
  std::vector<CanDecoding::Channel> channels;
  for (const auto& [series, options] : signals) {
    auto field = CompileDbcField(dbc, options.signal);
    if (!field) {
      std::string what = series;
      what.append(": ").append(file).append(": ").append(field.error().message);
      context.Fail(position, std::move(what), {});
      continue;
    }
    auto target = ReadSignalTarget(series, UnitOf(series, options, *field), position, context);
    if (target) channels.push_back({std::move(*target), std::move(*field)});
  }
  return channels;
}

}  // namespace fleet_edge::drivers
