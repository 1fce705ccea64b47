#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_file.h"
#include "agent/config/config_watch.h"
#include "agent/config/file_watch.h"
#include "agent/health/agent_view.h"
#include "agent/health/certificate.h"
#include "agent/health/diagnosis.h"
#include "agent/health/drain_meter.h"
#include "agent/health/fill_meter.h"
#include "agent/health/health.h"
#include "agent/health/health_report.h"
#include "agent/health/health_watch.h"
#include "agent/http/http_server.h"
#include "agent/page/logbook.h"
#include "agent/pipeline/board.h"
#include "agent/pipeline/driver_life.h"
#include "agent/pipeline/judge.h"
#include "agent/pipeline/mqtt_display.h"
#include "agent/pipeline/notifier.h"
#include "agent/pipeline/pipeline.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/pipeline/signals.h"
#include "agent/pipeline/thinning.h"
#include "agent/rule_delivery/rule_delivery.h"
#include "agent/rule_delivery/staged_bundle.h"
#include "agent/service/service_manager.h"
#include "agent/service/watchdog.h"
#include "agent/status/control_socket.h"
#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "rules/engine.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/publisher.h"
#include "uplink/store.h"
#include "uplink/uplink.h"

namespace fleet_edge::agent {

/// What the configuration asks for can't be built. The message is for people, a line a finding.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The daemon: builds every part, in the order of the flow, and runs them.
///
/// Made, run and destroyed on the main thread.
class App {
 public:
  /// Opens the outbox; starts no thread and connects nothing.
  /// Precondition: `loaded` has no errors and outlives this. Throws ConfigurationError, and
  /// std::runtime_error when the outbox can't be opened.
  App(const LoadedConfig& loaded, const std::vector<rules::RuleText>& rules);

  /// Works until `signals` asks to stop. False when a part failed and took the agent down with it.
  bool Run(const Signals& signals);

 private:
  using Threads = std::vector<std::jthread>;

  std::vector<DriverLife> MakeDrivers(const LoadedConfig& loaded);
  std::unique_ptr<MqttDisplay> MakeDisplay() const;
  std::unique_ptr<Notifier> MakeNotifier();
  std::jthread Start(const std::string& name, std::function<void(const std::stop_token&)> work);
  void ReportBirth();
  void ReportDeath();
  void WaitForStop(const Signals& signals);
  enum class ReloadWhen : std::uint8_t { kAlways, kTextChanged };
  void Reload(ReloadWhen when);

  /// Where rules come from. A value.
  struct RulesOrigin {
    bool delivered = false;  ///< a bundle; else files have changed
    std::string bundle{};    ///< its name
    std::string text{};      ///< of the bundle; empty when it was too large to be read
    std::size_t tests = 0;   ///< that the bundle passed
    StagedBundle staged{};   ///< to be kept once it is in force
  };
  void OpenDelivery(const std::vector<rules::RuleText>& own);
  void TakeDelivered();
  std::string KeptBundlePath() const;
  void TakeRules(const std::vector<rules::RuleText>& files, RulesOrigin origin);
  void Refuse(const std::string& hash, const RulesOrigin& origin, const Diagnostics& findings);
  void NoteRefusal(const RulesOrigin& origin, const Diagnostics& findings);
  void NoteApplied(const RulesOrigin& origin);
  void ForgetRefusedBundle();
  void LookAtHealth();
  void ShowLife();
  void LookAtCertificates();
  void WriteStatus(const AgentView& view) const;

  Result<void> OpenControl();
  void ServeControl(const std::stop_token& stop);
  bool HasHttp() const { return !config_.http.listen.empty(); }
  Result<void> OpenHttp();
  void ServeHttp(const std::stop_token& stop);

  // Any thread.
  std::string Answer(std::string_view request);
  AgentView View() const;
  RulesView ViewRules() const;
  std::optional<DisplayView> ViewDisplay() const;
  void ShowHealth(AgentView& view) const;

  const Config config_;
  const std::string config_hash_;
  std::string tried_rules_;       // hash of what was last read, taken or refused
  bool bundle_left_out_ = false;  // the kept one does not go with the vehicle's own rules
  FileWatch rule_watch_;
  SystemClock clock_;
  const BootTime started_;
  Counters counters_;
  SeriesRegistry series_;
  std::atomic<bool> failed_ = false;
  ServiceManager service_;
  Watchdog watchdog_{ServiceManager::WatchdogPeriod()};

  // Readers of other threads see what the main thread learns at a reload.
  mutable std::mutex rules_mutex_;
  RulesView rules_;  // guarded by rules_mutex_

  // In the order of the flow.
  BoundedQueue<Reading> readings_;
  const std::vector<DriverLife> drivers_;  // one thread each
  QualityGate gate_;
  Judge judge_;
  Thinning thinning_;
  Board board_;
  std::unique_ptr<uplink::Store> store_;
  const uplink::Identity identity_;
  uplink::Ledger ledger_;
  uplink::Batcher batcher_;
  uplink::EventBatcher alert_events_;
  uplink::Handover handover_;
  std::unique_ptr<MqttDisplay> display_;  // null: the driver has none
  std::unique_ptr<Notifier> notifier_;
  Pipeline pipeline_;  // one thread
  uplink::EventBatcher status_events_;
  uplink::Outbox outbox_;
  std::unique_ptr<uplink::Publisher> publisher_;
  uplink::Uplink uplink_;  // one thread
  DrainMeter drain_;
  FillMeter fill_;
  std::unique_ptr<RuleDelivery> delivery_;  // one thread; null: nothing delivers rules

  // The main thread looks each second; readers of other threads see what it found.
  ConfigWatch config_watch_;
  Diagnosis diagnosis_;
  HealthWatch health_watch_;
  HealthReport health_report_;
  const std::vector<CertificateFile> certificate_files_;
  BootTime certificates_due_;  // to be read again
  mutable std::mutex health_mutex_;
  // Guarded by health_mutex_.
  Health health_;
  std::vector<CertificateView> certificates_;

  std::unique_ptr<ControlSocket> control_;  // one thread; null: it could not be made so far
  Logbook logbook_;
  std::unique_ptr<HttpServer> http_;  // one thread; null: off, or it could not be made so far
};

}  // namespace fleet_edge::agent
