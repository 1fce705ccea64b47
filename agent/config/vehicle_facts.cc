#include "agent/config/vehicle_facts.h"

#include <string>
#include <vector>

#include "agent/config/config_file.h"
#include "core/diagnostic.h"
#include "rules/advice.h"

namespace fleet_edge::agent {

rules::VehicleFacts FactsOf(const LoadedConfig& loaded) {
  rules::VehicleFacts facts{.signals = std::vector<std::string>(),
                            .has_display = loaded.config.notify.driver.mqtt.has_value()};
  for (const auto& driver : loaded.drivers) {
    const auto series = driver->series();
    if (!series) {
      facts.signals.reset();
      break;
    }
    for (const std::string& one : *series) facts.signals->push_back(one.substr(0, one.find('{')));
  }
  // A driver with errors or unknown values is not among them, nor do they say anything while there
  // is none.
  const bool all = loaded.drivers.size() == loaded.config.drivers.size();
  if (HasErrors(loaded.findings) || !all || loaded.drivers.empty()) facts.signals.reset();
  return facts;
}

}  // namespace fleet_edge::agent
