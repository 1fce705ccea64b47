#include "agent/app.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_file.h"
#include "agent/config/findings.h"
#include "agent/config/rule_files.h"
#include "agent/health/certificate.h"
#include "agent/health/diagnosis.h"
#include "agent/pipeline/clock_watch.h"
#include "agent/pipeline/driver_life.h"
#include "agent/pipeline/notifier.h"
#include "agent/pipeline/signals.h"
#include "agent/service/heap.h"
#include "agent/text/digest.h"
#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/version.h"
#include "drivers/driver.h"
#include "fleet/v1/status.pb.h"
#include "rules/engine.h"
#include "rules/rule_text.h"
#include "uplink/batch.h"
#include "uplink/epoch.h"
#include "uplink/identity.h"
#include "uplink/kafka_publisher.h"
#include "uplink/publisher.h"
#include "uplink/sqlite_store.h"
#include "uplink/store.h"

namespace fleet_edge::agent {
namespace {

std::string BootId() {
  const Result<std::string> id = ReadFile("/proc/sys/kernel/random/boot_id");
  return id ? id.value().substr(0, id.value().find('\n')) : std::string();
}

uplink::Identity MakeIdentity(const std::string& vehicle, uplink::Store& store,
                              const Clock& clock) {
  const std::uint64_t epoch = uplink::StartEpoch(store, clock, std::random_device()());
  const std::string boot = BootId().substr(0, 8);
  return {.vehicle = vehicle,
          .epoch = epoch,
          .boot = boot.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(boot, nullptr, 16))};
}

std::unique_ptr<uplink::Store> OpenStore(const OutboxConfig& outbox) {
  auto store = uplink::SqliteStore::Open(outbox.directory, outbox.limits.quota);
  if (!store) throw std::runtime_error("the outbox can't be opened: " + store.error().message);
  return std::move(store).value();
}

std::unique_ptr<uplink::Publisher> MakePublisher(const Config& config, const Clock& clock) {
  const auto style =
      config.uplink.cloud_events ? uplink::RecordStyle::kCloudEvents : uplink::RecordStyle::kPlain;
  auto publisher = uplink::MakeKafkaPublisher(config.uplink.kafka, config.vehicle.id, clock, style);
  if (!publisher) throw ConfigurationError("uplink.kafka: " + publisher.error().message);
  return std::move(publisher).value();
}

std::vector<std::string> DriverNames(const LoadedConfig& loaded) {
  std::vector<std::string> names;
  names.reserve(loaded.drivers.size());
  for (const auto& driver : loaded.drivers) names.push_back(driver->name());
  return names;
}

}  // namespace

App::App(const LoadedConfig& loaded, const std::vector<rules::RuleText>& rules)
    : config_(loaded.config),
      config_hash_(Sha256(loaded.text)),
      tried_rules_(RulesHash(rules)),
      rule_watch_(config_.rules),
      started_(clock_.Boot()),
      rules_{.hash = tried_rules_},
      readings_(config_.queue.readings, WhenFull::kDropOldestAndCount),
      drivers_(MakeDrivers(loaded)),
      gate_(config_.quality, DriverNames(loaded), counters_),
      judge_(gate_, series_, {.external = {.labels = VehicleLabels(config_)}}),
      thinning_(config_.uplink.thin, counters_),
      board_(drivers_.size()),
      store_(OpenStore(config_.outbox)),
      identity_(MakeIdentity(config_.vehicle.id, *store_, clock_)),
      batcher_(identity_, config_.outbox.batch, clock_),
      alert_events_(uplink::Lane::kAlert, identity_, clock_),
      handover_(config_.queue.batches, ledger_),
      display_(MakeDisplay()),
      notifier_(MakeNotifier()),
      pipeline_({.readings = readings_,
                 .gate = gate_,
                 .judge = judge_,
                 .notifier = notifier_.get(),
                 .thinning = thinning_,
                 .batcher = batcher_,
                 .events = alert_events_,
                 .handover = handover_,
                 .counters = counters_,
                 .clock = clock_,
                 .take_clock_step = [this] { return TakeClockStep(clock_); },
                 .clock_synced = ClockSynced,
                 .board = &board_}),
      status_events_(uplink::Lane::kStatus, identity_, clock_),
      outbox_(*store_, status_events_, ledger_, clock_, config_.outbox.limits),
      publisher_(MakePublisher(config_, clock_)),
      uplink_(handover_, outbox_, *publisher_, config_.uplink.options, clock_),
      config_watch_(loaded.source.files().front(), config_hash_),
      diagnosis_(WhatToKnow(config_)),
      certificate_files_(CertificatesOf(config_)) {
  const Diagnostics findings = judge_.engine().Load(rules);
  if (HasErrors(findings)) throw ConfigurationError(ListFindings(findings));
  if (HasHttp()) logbook_.NoteRules(rules);
  if (config_.rule_delivery.wanted()) OpenDelivery(rules);
  const std::optional<std::string> alert_state = store_->Meta(uplink::kAlertStateKey);
  if (alert_state && !judge_.engine().RestoreState(*alert_state)) {
    spdlog::warn("the saved states of alerts can't be read; alerts begin inactive");
  }
  if (const Result<void> opened = OpenControl(); !opened) {
    spdlog::warn("{}. Nobody can ask this agent until it can be made, which is tried on and on",
                 opened.error().message);
  }
  if (!HasHttp()) return;
  if (const Result<void> opened = OpenHttp(); !opened) {
    spdlog::warn("{}. Nobody can look at this agent by HTTP until then; it is tried on and on",
                 opened.error().message);
  }
}

bool App::Run(const Signals& signals) {
  // Started from the hub's end, so that each part finds its receiver; stopped from the sensors'
  // end, so that nothing is left in between.
  ReportBirth();
  std::jthread uplink = Start("uplink", [this](const std::stop_token& stop) { uplink_.Run(stop); });
  if (display_) display_->Start();
  std::jthread pipeline =
      Start("pipeline", [this](const std::stop_token& stop) { pipeline_.Run(stop); });
  Threads sensors;
  for (const DriverLife& driver : drivers_) {
    sensors.push_back(
        Start(driver.name(), [&driver](const std::stop_token& stop) { driver.Run(stop); }));
  }

  const std::jthread control =
      Start("control", [this](const std::stop_token& stop) { ServeControl(stop); });
  std::jthread delivery;
  if (delivery_) {
    delivery = Start("delivery", [this](const std::stop_token& stop) { delivery_->Run(stop); });
  }
  std::jthread http;
  if (HasHttp()) http = Start("http", [this](const std::stop_token& stop) { ServeHttp(stop); });

  TrimHeap();
  service_.Ready();  // the hub and the brokers may come when they will
  WaitForStop(signals);
  service_.Stopping();

  for (std::jthread& sensor : sensors) sensor.request_stop();
  sensors.clear();
  pipeline = {};
  delivery = {};
  ReportDeath();
  uplink.request_stop();  // hub and display say goodbye at the same time: each may take a second
  if (display_) display_->Stop();
  uplink = {};
  WriteStatus(View());
  spdlog::info("stopped; {} records wait in the outbox", outbox_.records());
  return !failed_;
}

std::vector<DriverLife> App::MakeDrivers(const LoadedConfig& loaded) {
  std::vector<DriverLife> lives;
  for (const auto& spec : loaded.drivers) {
    const auto place = static_cast<std::uint16_t>(lives.size() + 1);
    lives.emplace_back(*spec, drivers::Environment{.readings = readings_,
                                                   .series = series_,
                                                   .counters = counters_,
                                                   .clock = clock_,
                                                   .driver = place});
  }
  return lives;
}

std::unique_ptr<MqttDisplay> App::MakeDisplay() const {
  const auto& mqtt = config_.notify.driver.mqtt;
  if (!mqtt) return nullptr;
  const std::string id = mqtt->options.client_id;
  return std::make_unique<MqttDisplay>(
      mqtt->options, id.empty() ? "fleet-edge-" + config_.vehicle.id + "-display" : id);
}

std::unique_ptr<Notifier> App::MakeNotifier() {
  const auto& mqtt = config_.notify.driver.mqtt;
  if (!mqtt) return nullptr;
  return std::make_unique<Notifier>(Notifier::Options{.topic = mqtt->topic,
                                                      .resolved_for = mqtt->resolved_for,
                                                      .vehicle_labels = VehicleLabels(config_)},
                                    *display_, counters_, clock_);
}

std::jthread App::Start(const std::string& name, std::function<void(const std::stop_token&)> work) {
  std::jthread thread([this, name, work = std::move(work)](const std::stop_token& stop) {
    try {
      work(stop);
    } catch (const std::exception& error) {
      spdlog::critical("{} failed, the agent stops: {}. This is a bug", name, error.what());
      failed_ = true;
      Signals::RequestStop();
    }
  });
  constexpr std::size_t kMaxName = 15;  // of the kernel
  pthread_setname_np(thread.native_handle(), name.substr(0, kMaxName).c_str());
  return thread;
}

void App::ReportBirth() {
  fleet::v1::StatusEvent event;
  event.set_clock_synced(ClockSynced());
  fleet::v1::Birth& birth = *event.mutable_birth();
  birth.set_version(std::string(kVersion));
  birth.set_boot_id(BootId());
  birth.set_config_hash(config_hash_);
  birth.set_rules_hash(ViewRules().hash);
  handover_.Report(std::move(event));
  spdlog::info("fleet-edge {} runs for {}: drivers {}, rules {}, records in the outbox {}",
               kVersion, config_.vehicle.id, drivers_.size(), judge_.engine().rule_count(),
               outbox_.records());
}

void App::ReportDeath() {
  fleet::v1::StatusEvent event;
  event.set_clock_synced(ClockSynced());
  event.mutable_death()->set_reason(failed_ ? "failure" : "stopped");
  handover_.Report(std::move(event));
}

void App::WaitForStop(const Signals& signals) {
  LookAtHealth();  // who asks in the first second is told what is known
  while (true) {
    const std::optional<Request> request =
        signals.Wait(std::chrono::ceil<std::chrono::milliseconds>(watchdog_.LookEvery()));
    if (request == Request::kStop) return;
    if (request == Request::kReload) {
      rule_watch_.Skip();
      Reload(ReloadWhen::kAlways);
    } else if (rule_watch_.Changed()) {
      Reload(ReloadWhen::kTextChanged);
    }
    TakeDelivered();
    LookAtHealth();
    ShowLife();
  }
}

}  // namespace fleet_edge::agent
