#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace fleet_edge::agent {

/// What a command tells the shell.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailure = 1,
  kExitUsage = 2,           ///< wrong command line
  kExitCritical = 3,        ///< status: something is not done
  kExitNotRunning = 4,      ///< status: no agent could be asked
  kExitConfiguration = 78,  ///< EX_CONFIG of sysexits.h: starting again doesn't help
};

/// Where the package puts the configuration: commands that look take it when none is named.
constexpr const char* kInstalledConfig = "/etc/fleet-edge/fleet-edge.yaml";

struct RunArguments {
  std::string config;
};

struct CheckArguments {
  std::string config;              ///< empty: none
  std::vector<std::string> rules;  ///< files or patterns
};

struct ReplayArguments {
  std::vector<std::string> recordings;
  std::vector<std::string> rules;           ///< files or patterns; empty: the configuration's
  std::string config;                       ///< empty: none
  std::vector<std::string> series;          ///< expressions to print at each instant
  Duration step = std::chrono::seconds{1};  ///< between instants
  bool json = false;
  std::optional<double> speed;  ///< times the recording's pace; nothing: as fast as possible
};

struct TestArguments {
  std::vector<std::string> files;
  std::string run;  ///< regular expression; empty: all tests
  bool json = false;
  std::string color = "auto";  ///< auto, always or never
};

struct DoctorArguments {
  std::string config = kInstalledConfig;
  bool json = false;
  bool sends = true;  ///< a test record to the hub
  Duration timeout = std::chrono::seconds{30};
  std::string user = "fleet-edge";  ///< whom the service runs as
};

struct InitArguments {
  std::string out = "fleet-edge.yaml";
  std::string vehicle;               ///< empty: asked, or the host's name
  std::string hub;                   ///< host:port; empty: asked
  std::vector<std::string> drivers;  ///< KIND:DEVICE; empty: looked for
  std::string root = "/";            ///< of /dev and /sys
  bool yes = false;                  ///< ask nothing
  bool force = false;                ///< write over a file
};

struct OutboxArguments {
  enum class What : std::uint8_t { kStatus, kExport, kVerify };

  What what = What::kStatus;
  std::string directory;
  std::string config;  ///< names the directory instead; empty: none
  bool json = false;
  bool wire = false;  ///< export: records as the hub would have them, instead of JSON
};

struct StatusArguments {
  std::string directory;  ///< of the outbox; empty: the configuration's
  std::string config;     ///< empty: the installed one
  bool json = false;
  bool watch = false;  ///< again each second, until a signal
};

struct ConfigArguments {
  std::string config = kInstalledConfig;
  bool json = false;
};

// Each command runs to its end and returns the process's exit code. What it was asked for goes to
// stdout, talk to stderr.

int Run(const RunArguments& arguments);
int Check(const CheckArguments& arguments);
int Replay(const ReplayArguments& arguments);
int Test(const TestArguments& arguments);
int Outbox(const OutboxArguments& arguments);

/// Its exit code is kExitOk, kExitFailure for warnings, kExitCritical or kExitNotRunning.
int Status(const StatusArguments& arguments);
int ShowConfig(const ConfigArguments& arguments);
int Examine(const DoctorArguments& arguments);  ///< `doctor`
int Init(const InitArguments& arguments);
int PrintConfigSchema();
int Version();

/// The configuration's reference, as docs/configuration.md has it.
int Reference();

}  // namespace fleet_edge::agent
