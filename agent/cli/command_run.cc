#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "agent/app.h"
#include "agent/cli/commands.h"
#include "agent/config/config_file.h"
#include "agent/config/findings.h"
#include "agent/config/rule_files.h"
#include "agent/pipeline/signals.h"
#include "agent/service/heap.h"
#include "agent/service/journal.h"
#include "agent/service/log.h"
#include "agent/service/log_thread.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {
namespace {

/// Errors and warnings as `check` prints them, on stderr; they name their places themselves.
bool Refused(const LoadedConfig& loaded) {
  std::fputs(ListFindings(loaded.findings).c_str(), stderr);
  return HasErrors(loaded.findings);
}

}  // namespace

int Run(const RunArguments& arguments) {
  BoundHeap();
  const Signals signals;
  const LogStyle style = DetectLogStyle(STDERR_FILENO, std::getenv("JOURNAL_STREAM"));
  const JournalSender journal = style == LogStyle::kJournal ? SendToJournal : JournalSender();
  SetUpLog({}, style, stderr, journal);
  const LoadedConfig loaded = LoadConfig(arguments.config);
  if (Refused(loaded)) return kExitConfiguration;
  SetUpLog(loaded.config.log, style, stderr, journal);
  const LogThread log_thread;
  for (const std::string& note : loaded.notes) spdlog::info("{}", note);
  const auto rules = ReadRuleFiles(loaded.config.rules);
  if (!rules) {
    spdlog::critical("{}", rules.error().message);
    return kExitConfiguration;
  }
  try {
    App app(loaded, *rules);
    return app.Run(signals) ? kExitOk : kExitFailure;
  } catch (const ConfigurationError& error) {
    std::fputs(error.what(), stderr);
    return kExitConfiguration;
  }
}

}  // namespace fleet_edge::agent
