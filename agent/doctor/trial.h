#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/log_ear.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/table.h"

namespace fleet_edge::agent::doctor {

/// Why a series may be missing. A value.
struct Hint {
  std::string text{};
  bool heard = false;  ///< something came where it should be
};

/// What a driver has done in a trial. A value.
struct DriverFacts {
  std::string name{};
  std::string kind{};
  std::string setting{};  ///< what a wrong one of shows as noise: `baud 9600`; empty: the default
  std::uint64_t readings = 0;
  std::map<std::string, std::uint64_t> refused{};  ///< by reason
  std::vector<std::string> arrived{};              ///< series
  std::vector<std::string> missing{};   ///< configured by name and not arrived; empty: unknown
  std::map<std::string, Hint> hints{};  ///< by signal
  std::string said{};                   ///< its last warning
  std::uint32_t speaks_at = 0;          ///< the rate at which its receiver is heard; 0: none
  std::string text{};                   ///< what comes, where it is text of another kind
  Duration watched{};
};

/// One driver to try.
struct Candidate {
  const drivers::DriverSpec* spec = nullptr;
  const YamlNode* item = nullptr;  ///< of the configuration's list
};

/// Runs the drivers in this process, all at once, until each has shown enough or `limit` is over.
/// What they read goes nowhere.
std::vector<DriverFacts> TryDrivers(const std::vector<Candidate>& candidates, const LogEar& ear,
                                    Duration limit);

/// Listens at the usual rates on the port of an `nmea` driver that can't read what comes, for what
/// is left of the time; fills in `facts`. Precondition: the driver has ended.
void FindRate(const YamlNode& item, const Deadline& deadline, DriverFacts& facts);

std::vector<Finding> JudgeTrial(const DriverFacts& facts);

}  // namespace fleet_edge::agent::doctor
