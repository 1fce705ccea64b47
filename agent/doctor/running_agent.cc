#include "agent/doctor/running_agent.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/doctor/finding.h"
#include "agent/status/status_answer.h"
#include "drivers/io/json_codec.h"
#include "uplink/directory_lock.h"

namespace fleet_edge::agent::doctor {
namespace {

// More of either are not told: who has them asks `fleet-edge status`.
constexpr std::size_t kMaxProblems = 30;
constexpr std::size_t kMaxDrivers = 50;
constexpr double kLongSilence = 60;  // seconds

/// Texts and numbers of a JSON object by their pointers.
class Fields {
 public:
  explicit Fields(std::string_view json) {
    std::vector<drivers::JsonCodec::Field> fields;
    const auto add = [&](const std::string& pointer, bool text) {
      pointers_.push_back(pointer);
      fields.push_back({.pointer = pointer, .conversion = {}, .required = false, .text = text});
    };
    add("/health/status", true);
    for (std::size_t i = 0; i < kMaxProblems; ++i) {
      for (const char* const key : {"id", "severity", "subject", "what", "mend"}) {
        add("/health/problems/" + std::to_string(i) + "/" + key, true);
      }
    }
    for (std::size_t i = 0; i < kMaxDrivers; ++i) {
      const std::string driver = "/drivers/" + std::to_string(i) + "/";
      add(driver + "name", true);
      add(driver + "readings", false);
      add(driver + "rejected", false);
      add(driver + "silent_seconds", false);
    }
    const auto codec = drivers::JsonCodec::Make(std::move(fields), std::nullopt);
    drivers::JsonParser parser;
    drivers::JsonCodec::Output out;
    if (!codec || codec->Decode(json, parser, out)) return;
    for (const auto& one : out.texts) texts_[pointers_[one.field]] = one.text;
    for (const auto& one : out.values) numbers_[pointers_[one.field]] = one.value;
  }

  /// Empty when it is not there.
  std::string Text(const std::string& pointer) const {
    const auto found = texts_.find(pointer);
    return found == texts_.end() ? std::string() : found->second;
  }
  std::optional<double> Number(const std::string& pointer) const {
    const auto found = numbers_.find(pointer);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::vector<std::string> pointers_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, double> numbers_;
};

Verdict VerdictOf(const std::string& severity) {
  if (severity == "critical") return Verdict::kError;
  return severity == "warning" ? Verdict::kWarning : Verdict::kNote;
}

Finding JudgeDriver(const Fields& fields, const std::string& name, const std::string& driver) {
  const auto count = [&](const char* key) {
    return std::to_string(static_cast<std::uint64_t>(fields.Number(driver + key).value_or(0)));
  };
  const auto silent = fields.Number(driver + "silent_seconds");
  std::string what =
      "the agent has " + count("readings") + " readings of it, refused " + count("rejected");
  if (silent) what += ", the last " + std::to_string(static_cast<std::int64_t>(*silent)) + " s ago";
  if (silent && *silent < kLongSilence) return Well("driver", name, what);
  return {.check = "driver",
          .subject = name,
          .verdict = Verdict::kNote,  // what the agent holds to be wrong is told above
          .id = "driver_silent",
          .what = what,
          .mend =
              "`fleet-edge status` and the agent's log say more; stop the agent and ask again "
              "to have the device tried"};
}

}  // namespace

std::optional<std::vector<Finding>> AskRunningAgent(const std::string& directory) {
  const auto answer = AskStatus(directory, {.json = true, .screen = {}});
  if (!answer) {
    const auto holder = uplink::DirectoryLock::HolderOf(directory);
    if (!holder) return std::nullopt;
    return std::vector<Finding>{
        {.check = "agent",
         .subject = directory,
         .verdict = Verdict::kError,
         .id = "agent_silent",
         .what = "fleet-edge (pid " + *holder +
                 ") holds this outbox and doesn't answer: it hangs, "
                 "or saves a damaged outbox",
         .mend = "`journalctl -u fleet-edge -n 50` tells what it did last; `systemctl restart "
                 "fleet-edge`, or end that process where it is not the service's"}};
  }
  return JudgeStatus(directory, answer->text);
}

std::vector<Finding> JudgeStatus(const std::string& directory, std::string_view json) {
  const Fields fields(json);
  std::vector<Finding> findings{Well("agent", directory,
                                     "an agent runs, its health is " +
                                         fields.Text("/health/status") +
                                         ": it is asked, and its devices are left to it")};
  std::map<std::string, bool> told;  // drivers that have a problem of their own
  for (std::size_t i = 0; i < kMaxProblems; ++i) {
    const std::string problem = "/health/problems/" + std::to_string(i) + "/";
    const std::string id = fields.Text(problem + "id");
    if (id.empty()) break;
    findings.push_back({.check = "agent",
                        .subject = fields.Text(problem + "subject"),
                        .verdict = VerdictOf(fields.Text(problem + "severity")),
                        .id = id,
                        .what = fields.Text(problem + "what"),
                        .mend = fields.Text(problem + "mend")});
    told[findings.back().subject] = true;
  }
  for (std::size_t i = 0; i < kMaxDrivers; ++i) {
    const std::string driver = "/drivers/" + std::to_string(i) + "/";
    const std::string name = fields.Text(driver + "name");
    if (name.empty()) break;
    if (!told.contains(name)) findings.push_back(JudgeDriver(fields, name, driver));
  }
  return findings;
}

}  // namespace fleet_edge::agent::doctor
