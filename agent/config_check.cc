#include "agent/config_check.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "agent/config.h"
#include "agent/config_source.h"
#include "agent/rule_files.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge::agent {
namespace {

using Severity = Diagnostic::Severity;

class Checker {
 public:
  Checker(const ConfigSource& source, Config& config, Diagnostics& findings)
      : source_(source), config_(config), findings_(findings) {}

  void CheckOutbox() {
    const auto& limits = config_.outbox.limits;
    if (source_.Find({"outbox", "batch", "max_age"}).node == nullptr) {
      config_.outbox.batch.max_age = config_.uplink.options.send_every;
    }
    if (limits.memory >= limits.quota) {
      Add({"outbox", "memory"}, Severity::kError,
          "memory (" + ToString(limits.memory) + ") is not less than quota (" +
              ToString(limits.quota) + ")",
          "Lower outbox.memory or raise outbox.quota");
    }
    if (config_.outbox.batch.max_bytes > limits.memory) {
      Add({"outbox", "batch", "max_bytes"}, Severity::kError,
          "a batch of " + ToString(config_.outbox.batch.max_bytes) +
              " doesn't fit outbox.memory (" + ToString(limits.memory) + ")",
          "Lower outbox.batch.max_bytes");
    }
    const Duration waits = config_.outbox.batch.max_age + config_.uplink.options.send_every;
    if (waits > limits.durable_within) {
      Add({"outbox", "durable_within"}, Severity::kWarning,
          "a reading may wait " + ToString(waits) +
              " before it is sent (batch.max_age + send_every), longer than durable_within (" +
              ToString(Duration(limits.durable_within)) +
              "): every batch is written to flash first",
          "Raise durable_within to spare the flash, or leave it to keep the promise");
    }
  }

  /// A section without it is refused where it is read.
  void CheckUplink() {
    if (source_.Find({"uplink"}).node != nullptr) return;
    Add({"uplink"}, Severity::kError, "no hub to send to",
        "Add `uplink: {kafka: {bootstrap.servers: host:9092}}`");
  }

  void CheckRules() {
    const YamlNode* const patterns = source_.Find({"rules"}).node;
    for (std::size_t i = 0; i < config_.rules.size(); ++i) {
      const std::string& pattern = config_.rules[i];
      if (!ExpandGlob(pattern).empty()) continue;
      const ConfigSource::Place place = source_.Find({"rules"});
      // A later file's `rules` may be no list: then the earlier one's are in force.
      const bool listed = patterns != nullptr && i < patterns->items.size();
      findings_.push_back(
          {.file = place.file,
           .position = listed ? patterns->items[i].position : place.position,
           .severity = Severity::kError,
           .what = "no file matches " + pattern,
           .mend = "Check the path; relative ones count from the configuration's folder"});
    }
  }

  void CheckDrivers() {
    if (!config_.drivers.empty()) return;
    Add({"drivers"}, Severity::kWarning, "no drivers: there will be no readings",
        "Add `drivers: [{mqtt: {…}}]`");
  }

  /// A broker throws the first of two clients with the same id out, which comes back and throws the
  /// second out.
  void CheckClientIds() {
    const ConfigSource::Place place = source_.Find({"drivers"});
    for (const YamlNode& driver : config_.drivers) TakeClientId(driver.Find("mqtt"), place.file);
    const ConfigSource::Place display = source_.Find({"notify", "driver", "mqtt"});
    TakeClientId(display.node, display.file);
  }

 private:
  void Add(ConfigSource::Path path, Severity severity, std::string what, std::string mend) {
    const ConfigSource::Place place = source_.Find(path);
    findings_.push_back({.file = place.file,
                         .position = place.position,
                         .severity = severity,
                         .what = std::move(what),
                         .mend = std::move(mend)});
  }

  void TakeClientId(const YamlNode* mqtt, const std::string& file) {
    const YamlNode* const id = mqtt == nullptr ? nullptr : mqtt->Find("client_id");
    if (id == nullptr || id->text.empty()) return;
    const YamlNode* const broker = mqtt->Find("broker");
    std::pair key{broker == nullptr ? std::string() : broker->text, id->text};
    const auto [first, fresh] = client_ids_.try_emplace(std::move(key), id->position.line);
    if (fresh) return;
    findings_.push_back({.file = file,
                         .position = id->position,
                         .what = "client_id '" + id->text + "' is already used in line " +
                                 std::to_string(first->second) + " on the same broker",
                         .mend = "Give each client its own, or leave client_id out"});
  }

  const ConfigSource& source_;
  Config& config_;
  Diagnostics& findings_;
  std::map<std::pair<std::string, std::string>, int> client_ids_;  // (broker, id) → line
};

}  // namespace

void CheckConfig(const ConfigSource& source, Config& config, Diagnostics& findings) {
  Checker checker(source, config, findings);
  checker.CheckDrivers();
  checker.CheckClientIds();
  checker.CheckRules();
  checker.CheckOutbox();
}

void CheckHub(const ConfigSource& source, Config& config, Diagnostics& findings) {
  Checker(source, config, findings).CheckUplink();
}

}  // namespace fleet_edge::agent
