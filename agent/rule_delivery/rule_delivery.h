#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/file_watch.h"
#include "agent/config/rule_delivery_config.h"
#include "agent/rule_delivery/bundle_trial.h"
#include "agent/rule_delivery/rule_bundle.h"
#include "core/counters.h"
#include "core/result.h"
#include "drivers/mqtt/mqtt_client.h"
#include "rules/engine_options.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {

/// The name of the counter of bundles; label `outcome`: applied, refused or oversized.
inline constexpr std::string_view kRuleBundlesTotal = "fleet_edge_rule_bundles_total";

/// A bundle that has come and was tried. A value.
struct DeliveredRules {
  std::string text;  ///< empty: it was too large to be read, as its findings say
  RuleBundle bundle;
  BundleTrial trial;
};

/// Brings bundles of rules to the running agent, from an MQTT topic and a file, and tries them on a
/// thread of its own, so that nothing waits for their tests.
///
/// Of bundles that come faster than they can be tried the newest counts. The text that was tried
/// last is not tried again: brokers repeat what they retain at each connection.
///
/// Owned by App. Run() is called once, on that thread; Take() on the main one.
class RuleDelivery {
 public:
  struct Setup {
    RuleDeliveryConfig config;
    std::string vehicle;
    std::string kept;              ///< where a bundle is kept over a stop
    std::string in_force;          ///< text of the bundle in force; empty: none is
    std::string left_out;          ///< text of the kept one that was refused at the start; or empty
    rules::EngineOptions options;  ///< of the engine that rules are for
    /// The vehicle's own rules, read anew. Any thread.
    std::function<Result<std::vector<rules::RuleText>>()> others;
  };

  /// Connects nothing yet. `counters` outlives this. Throws std::runtime_error when the MQTT
  /// options are unusable.
  RuleDelivery(Setup setup, Counters& counters);

  /// Brings and tries until the stop; a test that has begun is run to its end.
  void Run(const std::stop_token& stop);

  /// What was tried since the last call, once.
  std::optional<DeliveredRules> Take();

  /// Whether since the last call the bundle was taken away where it came from, and no other came.
  bool TakeWithdrawal();

  /// Tries the last bundle once more: what it depends on has changed.
  void TryAgain();

 private:
  std::unique_ptr<drivers::MqttClient> MakeClient();
  void Receive(std::string_view payload);
  void Withdraw();
  void RefuseUnread(const std::string& what);
  void ReadDrop();
  void Try(std::string text, const std::stop_token& stop);

  const Setup setup_;
  Counter& oversized_;
  FileWatch drop_;
  std::string last_;  // the text that was tried last, on the own thread

  // Shared with Paho's thread, which brings, and the main one, which takes; held for moments.
  std::mutex mutex_;
  std::condition_variable_any came_;
  std::optional<std::string> waiting_;   // guarded by mutex_
  bool withdrawn_ = false;               // guarded by mutex_: not taken yet
  bool forget_ = false;                  // guarded by mutex_: last_ may come again
  bool again_ = false;                   // guarded by mutex_: last_ is to be tried again
  std::optional<DeliveredRules> tried_;  // guarded by mutex_

  std::unique_ptr<drivers::MqttClient> client_;  // null: none; last, its handler uses what is above
};

/// Reads the bundle that was kept at `path`; empty when there is none.
std::string ReadKeptBundle(const std::string& path);

/// Writes `text` beside the file at `path`, and waits until it is on disk. Errors: kRetry with the
/// reason.
Result<void> StageBundle(const std::string& path, const std::string& text);

/// Puts what was staged in the place of the file at `path`, without waiting for the disk: a power
/// cut leaves the one or the other. Errors: kRetry with the reason.
Result<void> KeepBundle(const std::string& path);

}  // namespace fleet_edge::agent
