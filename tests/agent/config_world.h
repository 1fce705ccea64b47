#pragma once

#include <string>
#include <string_view>

#include "agent/config/config_file.h"
#include "core/diagnostic.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {

inline constexpr const char* kMinimal = R"(vehicle: {id: tanker-1}
drivers:
  - mqtt:
      broker: mqtt://127.0.0.1:1883
      topics:
        - {filter: engine, codec: json, signals: {engine_coolant_celsius: {pointer: /coolant}}}
uplink: {kafka: {bootstrap.servers: "127.0.0.1:9092"}}
)";

/// A folder with a configuration.
struct ConfigWorld {
  TempFolder folder;

  LoadedConfig Load(std::string_view text) const {
    return LoadConfig(folder.Write("fleet-edge.yaml", text));
  }
  LoadedConfig LoadWith(std::string_view more) const { return Load(kMinimal + std::string(more)); }
};

/// `line:column what. mend` of all findings, one below the other.
inline std::string Places(const LoadedConfig& loaded) {
  std::string text;
  for (const Diagnostic& finding : loaded.findings) {
    text += std::to_string(finding.position.line) + ":" + std::to_string(finding.position.column) +
            " " + finding.what + ". " + finding.mend + "\n";
  }
  return text;
}

inline bool Has(const LoadedConfig& loaded, std::string_view text) {
  return Places(loaded).find(text) != std::string::npos;
}

}  // namespace fleet_edge::agent
