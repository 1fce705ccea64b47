#include "agent/doctor/doctor.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/config/config_file.h"
#include "agent/config/config_source.h"
#include "agent/config/rule_files.h"
#include "agent/config/vehicle_facts.h"
#include "agent/doctor/account.h"
#include "agent/doctor/broker.h"
#include "agent/doctor/device.h"
#include "agent/doctor/device_address.h"
#include "agent/doctor/disk.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/hub.h"
#include "agent/doctor/listening.h"
#include "agent/doctor/report.h"
#include "agent/doctor/rights.h"
#include "agent/doctor/rule_check.h"
#include "agent/doctor/running_agent.h"
#include "agent/doctor/trial.h"
#include "agent/doctor/unit.h"
#include "agent/doctor/wall_clock.h"
#include "agent/http/http_server.h"
#include "agent/text/wording.h"
#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/mqtt/mqtt_driver.h"
#include "drivers/table.h"

namespace fleet_edge::agent::doctor {
namespace {

// Sensors speak once a second; a slow container's probe every few.
constexpr Duration kTrial = std::chrono::seconds{6};

/// The hub's properties whose values aren't known here.
std::set<std::string> KeysOfUnknown(const ConfigSource& source) {
  std::set<std::string> keys;
  const YamlNode* const kafka = source.Find({"uplink", "kafka"}).node;
  if (kafka == nullptr) return keys;
  for (const YamlEntry& entry : kafka->entries) {
    if (!source.Knows(entry.value)) keys.insert(entry.key.text);
  }
  return keys;
}

/// Files beside the configuration's fragments that look like some and are not read.
std::vector<std::string> UnreadFragments(const std::string& config) {
  const auto folder = std::filesystem::path(config).parent_path() / "conf.d";
  return ExpandGlob((folder / "*.yml").string());
}

/// The mend of a file of the configuration that can't be read, for `error`.
std::string MendOfFile(const Account& account, const std::string& file, bool is_main, int error) {
  if (error != ENOENT) return LetRead(account, file);
  return is_main ? "Write one with `fleet-edge init -o " + file + "`"
                 : "Put there what it leads to, or remove the link";
}

}  // namespace

Doctor::Doctor(Options options, Report& report)
    : options_(std::move(options)),
      report_(report),
      deadline_(options_.timeout),
      unit_(::getuid() == 0 ? ProbeUnit() : UnitFacts()),
      accounts_(FindAccounts(options_.user)) {
  if (accounts_.service) accounts_.service = InGroupsOf(unit_, *accounts_.service);
}

Tally Doctor::Examine() {
  if (ExamineConfig()) {
    for (const Finding& finding : ExamineRules(loaded_.config.rules, FactsOf(loaded_))) {
      Tell(finding);
    }
    ExamineRights();
    const bool agent_runs = AskAgent();
    ExamineBox();
    if (agent_runs) {
      Tell(Skipped("driver", {}, "because the agent that runs has the devices"));
    } else {
      ExamineDrivers();
    }
    if (HasTime())
      ExamineHub(loaded_.config, KeysOfUnknown(loaded_.source), options_.sends, deadline_,
                 [this](const Finding& one) { Tell(one); });
    ExamineDisplay(agent_runs);
    ExamineDelivery();
    ExamineHttp(agent_runs);
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
  Tell(Late("tcp", {}, "the time is over: the way to the hub was not tried"));
  for (const char* const check : {"login", "brokers", "topic", "record"}) {
    Tell(Skipped(check, {}, "because the time is over"));
  }
  return false;
}

bool Doctor::ExamineConfig() {
  Tell(JudgeAccounts(accounts_));
  for (const std::string& file : ConfigFiles(options_.config)) {
    const int access = AccessAs(accounts_.judged(), file, R_OK);
    if (access == 0) continue;
    const Account& account = accounts_.judged();
    Tell({.check = "config",
          .subject = file,
          .verdict = Verdict::kError,
          .id = "config_unreadable",
          .what = account.name + " can't read it: " + std::strerror(access),
          .mend = MendOfFile(account, file, file == options_.config, access)});
    return false;
  }
  loaded_ = LoadConfig(options_.config, Purpose::kTry);
  for (const Diagnostic& finding : loaded_.findings) {
    Tell(FindingOf("config", "config_wrong", finding));
  }
  for (const Diagnostic& unknown : loaded_.source.Unknown()) {
    Finding finding = FindingOf("config", "credential_unknown", unknown);
    finding.verdict = Verdict::kNote;
    Tell(finding);
  }
  for (const std::string& file : UnreadFragments(options_.config)) {
    Tell({.check = "config",
          .subject = file,
          .verdict = Verdict::kWarning,
          .id = "config_wrong",
          .what = "it is not read: of conf.d only *.yaml is",
          .mend = "Rename it to end in .yaml, or remove it"});
  }
  if (HasErrors(loaded_.findings)) return false;
  if (loaded_.findings.empty()) {
    Tell(Well("config", options_.config,
              "no mistakes; " + Wording(loaded_.drivers.size(), "driver")));
  }
  return true;
}

void Doctor::ExamineRights() {
  const Account& account = accounts_.judged();
  for (const NamedFile& file : FilesOf(loaded_.config)) Tell(JudgeFile(ProbeFile(file, account)));
  for (const std::string& file : FindRuleFiles(loaded_.config.rules)) {
    const NamedFile rule{.path = file, .key = "rules"};
    const Finding finding = JudgeFile(ProbeFile(rule, account));
    if (finding.verdict != Verdict::kOk) Tell(finding);  // there are many
  }
  Tell(ExamineOutboxRights(loaded_.config.outbox.directory, account));
}

bool Doctor::AskAgent() {
  const std::string& directory = loaded_.config.outbox.directory;
  const auto findings = AskRunningAgent(directory);
  if (!findings && ::access(directory.c_str(), X_OK) != 0 && errno == EACCES) {
    Tell(Skipped("agent", directory, "because this user may not enter it: run it with sudo"));
    return false;
  }
  if (!findings) {
    Tell(Skipped("agent", directory, "because none runs here"));
    return false;
  }
  for (const Finding& finding : *findings) Tell(finding);
  return true;
}

void Doctor::ExamineBox() {
  Tell(JudgeClock(ProbeClock()));
  const auto& outbox = loaded_.config.outbox;
  for (const Finding& finding :
       JudgeDisk(ProbeDisk(outbox.directory), outbox.limits.quota, outbox.limits.durable_within)) {
    Tell(finding);
  }
}

bool Doctor::IsReady(const drivers::DriverSpec& driver, const YamlNode& item) {
  bool ready = true;
  const auto note = [&](const Finding& finding) {
    Tell(finding);
    ready = ready && finding.verdict != Verdict::kError && finding.verdict != Verdict::kSkipped;
  };
  for (const std::string& path : driver.devices()) {
    const DeviceFacts facts = ProbeDevice(path, driver.name(), accounts_.judged());
    std::error_code missing;
    const std::string device = std::filesystem::canonical(path, missing).string();
    const auto [reader, is_new] = readers_.try_emplace(missing ? path : device, driver.name());
    if (const auto denied = JudgeUnit(unit_, facts)) note(*denied);
    note(is_new || facts.wants_can ? JudgeDevice(facts) : JudgeShared(facts, reader->second));
  }
  if (const auto address = AddressOf(item)) {
    note(ExamineAddress(driver.name(), *address, deadline_));
  }
  if (const YamlNode* const mqtt = item.Find("mqtt")) {
    drivers::MqttDriverOptions options;
    Diagnostics known;  // it has none: the configuration was checked
    Section::Read(*mqtt, {{}, known}, options);
    note(ExamineBroker("driver", driver.name(), options.connection, ear_, deadline_));
  }
  if (!ready) Tell(Skipped("driver", driver.name(), "because of what it reads from"));
  return ready;
}

void Doctor::ExamineDrivers() {
  std::vector<Candidate> candidates;
  auto spec = loaded_.drivers.begin();  // one for each item but those with unknown values
  for (const YamlNode& item : loaded_.config.drivers) {
    const std::string name = drivers::NameOf(item);
    const bool has_spec = spec != loaded_.drivers.end() && (*spec)->name() == name;
    const Candidate one{.spec = has_spec ? (spec++)->get() : nullptr, .item = &item};
    if (!loaded_.source.Knows(item) || one.spec == nullptr) {
      Tell(Skipped("driver", name, "because a value of its configuration is not known here"));
    } else if (IsReady(*one.spec, item)) {
      candidates.push_back(one);
    }
  }
  if (candidates.empty()) return;
  auto facts = TryDrivers(candidates, ear_, deadline_.AtMost(kTrial));
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const bool is_noise = facts[i].readings == 0 && !facts[i].refused.empty();
    if (is_noise) FindRate(*candidates[i].item, deadline_, facts[i]);
    for (const Finding& finding : JudgeTrial(facts[i])) Tell(finding);
  }
}

void Doctor::ExamineDisplay(bool agent_runs) {
  const auto& mqtt = loaded_.config.notify.driver.mqtt;
  if (!mqtt) return Tell(Skipped("display", {}, "because none is configured"));
  if (agent_runs) return Tell(Skipped("display", {}, "because the agent that runs tells of it"));
  const YamlNode* const section = loaded_.source.Find({"notify", "driver", "mqtt"}).node;
  if (section != nullptr && !loaded_.source.Knows(*section)) {
    return Tell(Skipped("display", mqtt->options.broker, "because a value is not known here"));
  }
  Tell(ExamineBroker("display", mqtt->options.broker, mqtt->options, ear_, deadline_));
}

/// An agent that runs tells nothing of it, and a passing guest disturbs nobody.
void Doctor::ExamineDelivery() {
  const auto& mqtt = loaded_.config.rule_delivery.mqtt;
  if (!mqtt) return Tell(Skipped("delivery", {}, "because no broker is configured"));
  const YamlNode* const section = loaded_.source.Find({"rule_delivery", "mqtt"}).node;
  if (section != nullptr && !loaded_.source.Knows(*section)) {
    return Tell(Skipped("delivery", mqtt->options.broker, "because a value is not known here"));
  }
  Tell(ExamineBroker("delivery", mqtt->options.broker, mqtt->options, ear_, deadline_));
}

void Doctor::ExamineHttp(bool agent_runs) {
  const HttpConfig& http = loaded_.config.http;
  if (http.listen.empty()) return Tell(Skipped("http", {}, "because it is switched off"));
  if (agent_runs) return Tell(Skipped("http", http.listen, "because the agent that runs has it"));
  Tell(TryListening(http, accounts_.judged()));
}

}  // namespace fleet_edge::agent::doctor
