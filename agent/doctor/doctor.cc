#include "agent/doctor/doctor.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "agent/config_file.h"
#include "agent/control_socket.h"
#include "agent/doctor/account.h"
#include "agent/doctor/device.h"
#include "agent/doctor/disk.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/hub.h"
#include "agent/doctor/report.h"
#include "agent/doctor/rights.h"
#include "agent/doctor/wall_clock.h"
#include "agent/outbox_view.h"
#include "agent/rule_files.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "drivers/table.h"
#include "rules/engine.h"

namespace fleet_edge::agent::doctor {
namespace {

std::string Count(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// Where a finding of a file stands: `my.yaml:12:3`.
std::string PlaceOf(const Diagnostic& finding) {
  if (finding.position.line == 0) return finding.file;
  return finding.file + ":" + std::to_string(finding.position.line) + ":" +
         std::to_string(finding.position.column);
}

Finding FindingOf(const char* check, const char* id, const Diagnostic& finding) {
  const bool is_error = finding.severity == Diagnostic::Severity::kError;
  return {.check = check,
          .subject = PlaceOf(finding),
          .verdict = is_error ? Verdict::kError : Verdict::kWarning,
          .id = id,
          .what = finding.what,
          .mend = finding.mend};
}

/// The configuration and its fragments.
std::vector<std::string> ConfigFiles(const std::string& path) {
  std::vector<std::string> files =
      ExpandGlob((std::filesystem::path(path).parent_path() / "conf.d" / "*.yaml").string());
  files.insert(files.begin(), path);
  return files;
}

}  // namespace

Doctor::Doctor(Options options, Report& report)
    : options_(std::move(options)),
      report_(report),
      deadline_(options_.timeout),
      accounts_(FindAccounts(options_.user)) {}

Tally Doctor::Examine() {
  if (ExamineConfig()) {
    ExamineRules();
    ExamineRights();
    const bool runs = AgentRuns();
    ExamineBox();
    ExamineDevices(runs);
    if (HasTime()) ExamineLinks();
  } else {
    for (const Check& check : kChecks) {
      if (check.name == "config" || check.name == "account") continue;
      Tell(Skipped(std::string(check.name), {}, "because of the configuration"));
    }
  }
  tally_.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin_);
  report_.Tell(tally_);
  return tally_;
}

void Doctor::Tell(const Finding& finding) {
  ++tally_.by_verdict.at(static_cast<std::size_t>(finding.verdict));
  report_.Tell(finding);
}

bool Doctor::HasTime() {
  if (!deadline_.over()) return true;
  Tell({.check = "tcp",
        .subject = {},
        .verdict = Verdict::kWarning,
        .id = "doctor_late",
        .what = "the time is over: the way to the hub was not tried",
        .mend = "Give it longer: --timeout 60s"});
  return false;
}

bool Doctor::ExamineConfig() {
  Tell(JudgeAccounts(accounts_));
  for (const std::string& file : ConfigFiles(options_.config)) {
    const int access = AccessAs(accounts_.judged(), file, R_OK);
    if (access == 0) continue;
    const std::string& user = accounts_.judged().name;
    Tell({.check = "config",
          .subject = file,
          .verdict = Verdict::kError,
          .id = "config_unreadable",
          .what = user + " can't read it: " + std::strerror(access),
          .mend = access == ENOENT
                      ? "Write one with `fleet-edge init -o " + file + "`"
                      : "`chgrp " + user + " " + file + " && chmod 640 " + file + "`"});
    return false;
  }
  loaded_ = LoadConfig(options_.config, Purpose::kTry);
  for (const Diagnostic& finding : loaded_.findings) {
    Tell(FindingOf("config", "config_wrong", finding));
  }
  if (HasErrors(loaded_.findings)) return false;
  if (loaded_.findings.empty()) {
    Tell(
        Well("config", options_.config, "no mistakes; " + Count(loaded_.drivers.size(), "driver")));
  }
  return true;
}

void Doctor::ExamineRules() {
  if (loaded_.config.rules.empty()) {
    Tell(Skipped("rules", {}, "because none are configured"));
    return;
  }
  const auto files = ReadRuleFiles(loaded_.config.rules);
  if (!files) {
    Tell({.check = "rules",
          .subject = {},
          .verdict = Verdict::kError,
          .id = "rules_refused",
          .what = files.error().message,
          .mend = "Check the path and its permissions"});
    return;
  }
  SeriesRegistry registry;
  rules::Engine engine(registry, {});
  const Diagnostics findings = engine.Load(*files);
  for (const Diagnostic& finding : findings) {
    Tell(FindingOf("rules", HasErrors({finding}) ? "rules_refused" : "config_wrong", finding));
  }
  if (findings.empty()) {
    Tell(Well("rules", {},
              Count(engine.rule_count(), "rule") + " in " + Count(files->size(), "file") +
                  ", no mistakes"));
  }
}

void Doctor::ExamineRights() {
  const Account& account = accounts_.judged();
  for (const NamedFile& file : FilesOf(loaded_.config)) Tell(JudgeFile(ProbeFile(file, account)));
  Tell(ExamineOutboxRights(loaded_.config.outbox.directory, account));
}

bool Doctor::AgentRuns() {
  const std::string& directory = loaded_.config.outbox.directory;
  const auto answer = AskAgent(directory, kStatusJson);
  if (answer) {
    Tell(Well("agent", directory, "an agent runs: it is asked, and its devices are left to it"));
  } else {
    Tell(Skipped("agent", directory, "because none runs here"));
  }
  return answer.has_value();
}

void Doctor::ExamineBox() {
  Tell(JudgeClock(ProbeClock()));
  const auto& outbox = loaded_.config.outbox;
  for (const Finding& finding :
       JudgeDisk(ProbeDisk(outbox.directory), outbox.limits.quota, outbox.limits.durable_within)) {
    Tell(finding);
  }
}

void Doctor::ExamineDevices(bool agent_runs) {
  for (const auto& driver : loaded_.drivers) {
    for (const std::string& path : driver->devices()) {
      DeviceFacts facts = ProbeDevice(path, driver->name(), accounts_.judged());
      if (agent_runs) facts.openers.clear();  // it is the agent
      Tell(JudgeDevice(facts));
    }
  }
}

void Doctor::ExamineLinks() {
  ExamineHub(loaded_.config, options_.sends, deadline_,
             [this](const Finding& finding) { Tell(finding); });
}

}  // namespace fleet_edge::agent::doctor
