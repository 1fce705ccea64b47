#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "simulators/series_name.h"

namespace fleet_edge::simulators {

/// A configuration of the agent that fits the devices, and rules of which a ledger knows what must
/// follow.
struct AgentFiles {
  std::string vehicle;
  std::filesystem::path folder;  ///< of both files, and of the agent's outbox
  std::string hub;               ///< host:port of Kafka
  std::string broker;            ///< for the driver's alerts; may be empty

  /// `drivers`: the list's lines. Throws std::runtime_error when a file can't be written.
  void Write(std::string_view drivers, std::span<const SeriesName> series) const;

  std::filesystem::path configuration() const { return folder / "fleet-edge.yaml"; }
};

/// A driver as an item of that list.
std::string DriverItem(std::string_view name, std::string_view configuration);

}  // namespace fleet_edge::simulators
