#include "simulators/display.h"

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

std::optional<std::string_view> VehicleOf(std::string_view prefix, std::string_view topic) {
  if (!topic.starts_with(prefix)) return std::nullopt;
  topic.remove_prefix(prefix.size());
  if (!topic.starts_with('/')) return std::nullopt;
  topic.remove_prefix(1);
  const std::size_t end = topic.find('/');
  if (end == std::string_view::npos) return std::nullopt;
  return topic.substr(0, end);
}

}  // namespace

std::optional<DisplayedChange> ReadDisplay(std::string_view prefix, std::string_view topic,
                                           std::string_view payload, UtcTime arrived) {
  const std::optional<std::string_view> vehicle = VehicleOf(prefix, topic);
  if (!vehicle) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view alert;
  std::string_view state;
  std::string_view at;
  if (parser.parse(payload.data(), payload.size()).get(root) != simdjson::SUCCESS ||
      root["alert"].get(alert) != simdjson::SUCCESS ||
      root["state"].get(state) != simdjson::SUCCESS || root["at"].get(at) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  const std::optional<UtcTime> instant = ParseUtcTime(at);
  const bool firing = state == NameOf(AlertChange::kFiring);
  if (!instant || (!firing && state != NameOf(AlertChange::kResolved))) return std::nullopt;
  return DisplayedChange{.vehicle = std::string(*vehicle),
                         .alert = std::string(alert),
                         .change = firing ? AlertChange::kFiring : AlertChange::kResolved,
                         .at = *instant,
                         .arrived = arrived};
}

}  // namespace fleet_edge::simulators
