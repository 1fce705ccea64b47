#include "drivers/signal_target.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/result.h"
#include "core/section.h"
#include "core/signal.h"
#include "core/unit.h"

namespace fleet_edge::drivers {
namespace {

Error Refused(std::string message) { return {Error::Code::kDrop, std::move(message)}; }

/// Takes a quoted string off `text`, its escapes undone. Nothing when there is none.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escaped = text[i] == '\\';
    if (escaped) ++i;
    if (i == text.size()) return std::nullopt;
    value += escaped && text[i] == 'n' ? '\n' : text[i];
  }
  return std::nullopt;
}

/// Reads what stands behind `{`: `label="value",…}`.
std::optional<Labels> ParseLabels(std::string_view text) {
  Labels labels;
  while (!text.starts_with('}')) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || !IsLabelName(text.substr(0, equals))) {
      return std::nullopt;
    }
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    const auto value = TakeQuoted(text);
    if (!value || !labels.Get(name).empty()) return std::nullopt;
    labels.Set(name, *value);
    if (text.starts_with(',')) {
      text.remove_prefix(1);
    } else if (!text.starts_with('}')) {
      return std::nullopt;
    }
  }
  if (text.size() != 1) return std::nullopt;
  return labels;
}

}  // namespace

std::string SeriesText(const SignalTarget& target) {
  return target.signal + ToString(target.labels);
}

Result<SignalTarget> ParseSignalTarget(std::string_view series, std::string_view unit) {
  const std::size_t brace = series.find('{');
  SignalTarget target{std::string(series.substr(0, brace)), {}, {}};
  if (!IsSignalName(target.signal)) {
    return Refused("'" + std::string(series) +
                   "' is no signal: a name has letters, digits and _ only");
  }
  if (brace != std::string_view::npos) {
    auto labels = ParseLabels(series.substr(brace + 1));
    if (!labels) {
      return Refused(
          "the labels of '" + std::string(series) +
          R"(' are not of the form {zone="1"}; in a CSV header such a name stands in quotes: )"
          R"("cargo_celsius{zone=""1""}")");
    }
    target.labels = std::move(*labels);
  }
  if (unit.empty()) return target;
  const Signal* const signal = FindSignal(target.signal);
  if (signal == nullptr) {
    return Refused("signal " + target.signal +
                   " is not in the catalogue, so there is no unit to convert '" +
                   std::string(unit) + "' to");
  }
  const auto conversion = FindConversion(unit, signal->unit);
  if (!conversion) {
    const std::string units = ConvertibleUnits(signal->unit);
    return Refused("'" + std::string(unit) + "' does not convert to the unit of " + target.signal +
                   (units.empty() ? ", which is a plain number" : "; these do: " + units));
  }
  target.conversion = *conversion;
  return target;
}

std::optional<SignalTarget> ReadSignalTarget(std::string_view series, std::string_view unit,
                                             Position position, const Section::Context& context) {
  auto target = ParseSignalTarget(series, unit);
  if (!target) {
    context.Fail(
        position, target.error().message,
        unit.empty()
            ? R"(Write a name of the catalogue, or a name of your own, like door_open{side="left"})"
            : "Take a unit that converts, or leave `unit` out");
    return std::nullopt;
  }
  if (FindSignal(target->signal) == nullptr) {
    const std::string_view near = NearestSignal(target->signal);
    if (!near.empty()) {
      context.diagnostics.push_back(
          {.file = context.file,
           .position = position,
           .severity = Diagnostic::Severity::kWarning,
           .what = "signal '" + target->signal +
                   "' is not in the catalogue: it has no unit and no range",
           .mend = "Did you mean '" + std::string(near) + "'?"});
    }
  }
  return std::move(*target);
}

}  // namespace fleet_edge::drivers
