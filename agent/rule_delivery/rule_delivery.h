#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
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
#include "agent/rule_delivery/staged_bundle.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "drivers/mqtt/mqtt_client.h"
#include "rules/engine_options.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {

/// The name of the counter of bundles; label `outcome`: applied, refused or oversized.
inline constexpr std::string_view kRuleBundlesTotal = "fleet_edge_rule_bundles_total";

/// A bundle that has come and was tried.
struct DeliveredRules {
  std::string text;  ///< empty: it was not read, and its findings say why
  RuleBundle bundle;
  BundleTrial trial;
  StagedBundle staged;  ///< when no finding is an error
};

/// Brings bundles of rules to the running agent, from an MQTT topic and a file, and tries them on a
/// thread of its own, so that nothing waits for their tests.
///
/// Of bundles that come faster than they can be tried the newest counts. The text that was tried
/// last is not tried again: brokers repeat what they retain at each connection. A bundle is taken
/// away where it came from: an empty retained message, or the file removed.
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

  /// What was tried, or not read, since the last call: each once, the oldest first. At most
  /// kMostTold wait; beyond them the oldest goes.
  std::optional<DeliveredRules> Take();

  /// Whether since the last call the bundle was taken away where it came from, and no other came.
  bool TakeWithdrawal();

  /// Tries the last bundle once more: what it depends on has changed.
  void TryAgain();

  static constexpr std::size_t kMostTold = 4;

 private:
  enum class Source : std::uint8_t { kTopic, kFile };

  std::unique_ptr<drivers::MqttClient> MakeClient();
  void Receive(std::string_view text, Source source);
  void Withdraw(Source source);
  void RefuseOversized(std::uintmax_t size, Source source);
  void RefuseUnread(Diagnostic finding, Source source);
  void ReadDrop();
  void Try(const std::string& text, std::uint64_t arrival, const std::stop_token& stop);
  void Tell(DeliveredRules delivered);

  const Setup setup_;
  Counter& oversized_;
  FileWatch drop_;
  bool dropped_ = false;  // a file lay there when last looked at; on the own thread

  // Shared with Paho's thread, which brings, and the main one, which takes; held for moments.
  std::mutex mutex_;
  std::condition_variable_any came_;
  // Guarded by mutex_.
  std::optional<std::string> waiting_;
  std::string last_;              // the text that was tried last, or is being tried
  std::string unread_;            // why what came last was not read; empty: it was
  std::optional<Source> source_;  // of what came last; nothing: it came before the start
  std::uint64_t arrivals_ = 0;    // grows with what makes an older trial's result worthless
  bool withdrawn_ = false;        // not taken yet
  bool again_ = false;            // last_ is to be tried again
  std::deque<DeliveredRules> told_;

  std::unique_ptr<drivers::MqttClient> client_;  // null: none; last, its handler uses what is above
};

/// Reads the bundle that was kept at `path`; empty when there is none.
std::string ReadKeptBundle(const std::string& path);

}  // namespace fleet_edge::agent
