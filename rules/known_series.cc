#include "rules/known_series.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/nearest.h"
#include "core/signal.h"

namespace fleet_edge::rules {

KnownSeries::KnownSeries(const std::optional<std::vector<std::string>>& produced)
    : drivers_known_(produced.has_value()) {
  if (produced) of_drivers_.insert(produced->begin(), produced->end());
}

std::optional<KnownSeries::Doubt> KnownSeries::DoubtAbout(std::string_view name) const {
  if (IsMadeByRules(name) || of_drivers_.contains(name)) return std::nullopt;
  const std::string quoted = "'" + std::string(name) + "'";
  if (FindSignal(name) == nullptr) {
    return Doubt{"no signal and no recording rule is called " + quoted, Mend(name)};
  }
  if (!drivers_known_) return std::nullopt;
  return Doubt{"no driver of the configuration produces " + quoted,
               "Configure one that does, or remove the rule", true};
}

std::string KnownSeries::Mend(std::string_view name) const {
  std::vector<std::string_view> known(of_rules_.begin(), of_rules_.end());
  known.insert(known.end(), of_drivers_.begin(), of_drivers_.end());
  for (const Signal& signal : SignalCatalogue()) known.push_back(signal.name);
  const std::string_view near = Nearest(name, known);
  if (!near.empty()) return "Did you mean '" + std::string(near) + "'?";
  return "Check the name; a driver that produces it must be configured";
}

}  // namespace fleet_edge::rules
