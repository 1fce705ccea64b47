#include "agent/config/config_check.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_source.h"
#include "agent/config/rule_files.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/nearest.h"
#include "core/signal.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

using Severity = Diagnostic::Severity;

/// How long a reading waits for its request: the uplink sends no later than send_every after it was
/// accepted, unless its batch is sealed later.
Duration LongestWait(const Config& config) {
  return std::max(config.outbox.batch.max_age, config.uplink.options.send_every);
}

/// What durable_within leaves for the hub's answer: the outbox commits a tenth before it is over.
Duration SpareTime(const Config& config) {
  const Duration durable = config.outbox.limits.durable_within;
  return durable - durable / 10 - LongestWait(config);
}

/// What an outbox writes at the least that commits so often.
std::string FlashADay(Duration durable_within) {
  constexpr std::uint64_t kCommit = 9'000;  // bytes, whatever it holds; docs/benchmarks.md
  const Duration day = std::chrono::days{1};
  const auto commits = static_cast<std::uint64_t>(day / durable_within);
  return "some 9 kB each " + ToString(durable_within) + ", " +
         std::to_string(commits * kCommit / 1'000'000) + " MB a day";
}

class Checker {
 public:
  Checker(const ConfigSource& source, Config& config, Diagnostics& findings)
      : source_(source), config_(config), findings_(findings) {}

  void CheckOutbox() {
    const auto& limits = config_.outbox.limits;
    if (source_.Find({"outbox", "batch", "max_age"}).node == nullptr) {
      // What is in an open batch is on no disk: half of the time is left to seal and commit it.
      config_.outbox.batch.max_age =
          std::min<Duration>(config_.uplink.options.send_every, limits.durable_within / 2);
    }
    if (limits.memory >= limits.quota) {
      Add({"outbox", "memory"}, Severity::kError,
          "memory (" + ToString(limits.memory) + ") is not less than quota (" +
              ToString(limits.quota) + ")",
          "Lower outbox.memory or raise outbox.quota");
    }
    // Some that come, some in flight and some loaded from disk must fit beside each other.
    if (config_.outbox.batch.max_bytes.count > limits.memory.count / 16) {
      Add({"outbox", "batch", "max_bytes"}, Severity::kError,
          "a batch of " + ToString(config_.outbox.batch.max_bytes) +
              " is more than a sixteenth of outbox.memory (" + ToString(limits.memory) + ")",
          "Lower outbox.batch.max_bytes to " + ToString(Bytes{limits.memory.count / 16}) +
              ", or raise outbox.memory");
    }
    if (config_.outbox.batch.max_age >= limits.durable_within) {
      Add({"outbox", "batch", "max_age"}, Severity::kWarning,
          "a reading waits up to " + ToString(config_.outbox.batch.max_age) +
              " in an open batch, durable_within is " + ToString(Duration(limits.durable_within)) +
              ": a power cut takes what is open",
          "Lower batch.max_age, or raise durable_within");
      return;
    }
    if (SpareTime(config_) > Duration{0}) return;
    using std::chrono::seconds;
    const Duration enough = std::chrono::floor<seconds>(LongestWait(config_) * 10 / 9) + seconds{1};
    Add({"outbox", "durable_within"}, Severity::kWarning,
        "a reading waits up to " + ToString(LongestWait(config_)) +
            " before it is sent (batch.max_age, send_every), durable_within is " +
            ToString(Duration(limits.durable_within)) +
            ": every batch is written to flash first, " + FlashADay(limits.durable_within),
        "Raise durable_within to " + ToString(enough) +
            " or more, and a power cut takes as much; or send within " +
            ToString(limits.durable_within / 2) +
            ", which costs more on the link (sizing.md of the guide); or pay for both");
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
      findings_.push_back(
          {.file = place.file,
           .position = patterns != nullptr ? patterns->items[i].position : place.position,
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

  /// A limit on a name that is misspelt limits nothing, and looks as if all were well.
  void CheckSignalNames() {
    for (const auto& [name, limits] : config_.quality.signals) {
      CheckSignalName({"quality", "signals", name}, name);
    }
    for (const auto& [name, options] : config_.uplink.thin) {
      CheckSignalName({"uplink", "thin", name}, name);
    }
  }

  /// A limit of a driver that is not there would be none at all.
  void CheckSilence() {
    std::vector<std::string> names;
    for (const YamlNode& driver : config_.drivers) {
      const YamlNode* const name = driver.Find("name");
      names.push_back(name == nullptr ? std::string(drivers::KindOf(driver)) : name->text);
    }
    for (const auto& [name, limit] : config_.health.silence) {
      if (std::ranges::find(names, name) != names.end()) continue;
      const std::vector<std::string_view> candidates(names.begin(), names.end());
      const std::string_view near = Nearest(name, candidates);
      Add({"health", "silence", name}, Severity::kError, "no driver has the name '" + name + "'",
          near.empty() ? "Write a driver's name; without one it is the driver's kind"
                       : "Did you mean '" + std::string(near) + "'?");
    }
  }

  /// A broker throws the first of two clients with the same id out, which comes back and throws the
  /// second out.
  void CheckClientIds() {
    const ConfigSource::Place place = source_.Find({"drivers"});
    for (const YamlNode& driver : config_.drivers) TakeClientId(driver.Find("mqtt"), place.file);
    const ConfigSource::Place display = source_.Find({"notify", "driver", "mqtt"});
    TakeClientId(display.node, display.file);
    const ConfigSource::Place delivery = source_.Find({"rule_delivery", "mqtt"});
    TakeClientId(delivery.node, delivery.file);
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

  void CheckSignalName(ConfigSource::Path path, const std::string& name) {
    if (!IsSignalName(name)) {
      Add(path, Severity::kError, "'" + name + "' is no signal's name",
          "Write the name alone, without labels: it counts for all of them");
    } else if (const auto near = NearestSignal(name);
               FindSignal(name) == nullptr && !near.empty()) {
      Add(path, Severity::kWarning, "'" + name + "' is not in the signal catalogue",
          "Did you mean '" + std::string(near) + "'?");
    }
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
  checker.CheckSignalNames();
  checker.CheckSilence();
  checker.CheckRules();
  checker.CheckOutbox();
}

std::string DurabilityNote(const Config& config) {
  const Duration durable = config.outbox.limits.durable_within;
  const std::string outage = "a power cut then takes at most the last " +
                             ToString(std::max(durable, config.outbox.batch.max_age));
  if (SpareTime(config) <= Duration{0}) {
    return "outbox: every batch is written to flash before it is sent; " + outage;
  }
  return "outbox: while the hub answers within " + ToString(SpareTime(config)) +
         " nothing but alerts is written to flash; else all is, every " + ToString(durable) + "; " +
         outage;
}

void CheckHub(const ConfigSource& source, Config& config, Diagnostics& findings) {
  Checker(source, config, findings).CheckUplink();
}

}  // namespace fleet_edge::agent
