#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "agent/config/config_file.h"
#include "agent/doctor/account.h"
#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/log_ear.h"
#include "agent/doctor/report.h"
#include "agent/doctor/unit.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/table.h"

namespace fleet_edge::agent::doctor {

struct Options {
  std::string config;  ///< path
  bool sends = true;   ///< the test record
  Duration timeout = std::chrono::seconds{30};
  std::string user = "fleet-edge";  ///< whom the service runs as
};

/// Tries everything that the agent will need, from this box, step by step, and tells of each. A
/// step that others need skips them when it fails.
///
/// One thread. Nothing is left behind: no file, no topic, no session at a broker.
class Doctor {
 public:
  /// `report` outlives it.
  Doctor(Options options, Report& report);

  /// Takes no longer than the timeout and a little.
  Tally Examine();

 private:
  bool ExamineConfig();
  void ExamineRights();
  /// Whether one runs.
  bool AskAgent();
  void ExamineBox();
  void ExamineDrivers();
  /// Whether what `driver` reads from is there.
  bool IsReady(const drivers::DriverSpec& driver, const YamlNode& item);
  void ExamineDisplay(bool agent_runs);
  void ExamineDelivery();
  void ExamineHttp(bool agent_runs);

  /// False when the time is over: the rest is skipped.
  bool HasTime();
  void Tell(const Finding& finding);

  const Options options_;
  Report& report_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  const Deadline deadline_;
  const UnitFacts unit_;
  Accounts accounts_;
  const LogEar ear_;
  LoadedConfig loaded_;
  std::map<std::string, std::string> readers_;  // names of drivers by the device that they read
  Tally tally_;
};

}  // namespace fleet_edge::agent::doctor
