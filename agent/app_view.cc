// How App shows itself; app.cc says how it is built and run.

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/app.h"
#include "agent/health/agent_view.h"
#include "agent/outbox/outbox_view.h"
#include "agent/pipeline/board.h"
#include "agent/pipeline/clock_watch.h"
#include "agent/pipeline/driver_life.h"
#include "agent/service/keep_trying.h"
#include "agent/service/watchdog.h"
#include "agent/status/agent_rows.h"
#include "agent/status/control_socket.h"
#include "agent/status/status_answer.h"
#include "agent/status/status_file.h"
#include "agent/status/view_json.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "core/version.h"
#include "drivers/mqtt/mqtt_driver.h"
#include "drivers/table.h"
#include "uplink/batch.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

/// The value of the label `driver`; empty without one.
std::string DriverOf(const Labels& labels) {
  for (const auto& [name, value] : labels) {
    if (name == "driver") return value;
  }
  return {};
}

/// The first path where nothing is; empty when all are there. Its user's rights don't matter.
std::string MissingOf(const std::vector<std::string>& devices) {
  const auto missing = std::ranges::find_if(devices, [](const std::string& path) {
    return access(path.c_str(), F_OK) != 0 && errno == ENOENT;
  });
  return missing == devices.end() ? std::string() : *missing;
}

/// Adds what is counted by driver to the drivers' views, which are by name.
void AddCounters(const std::vector<Counters::Sample>& samples,
                 const std::map<std::string, DriverView*>& drivers) {
  std::map<DriverView*, std::uint64_t> made;
  std::map<DriverView*, std::uint64_t> lost;
  for (const Counters::Sample& sample : samples) {
    const auto found = drivers.find(DriverOf(sample.labels));
    if (found == drivers.end()) continue;
    DriverView& driver = *found->second;
    if (sample.name == kInputReadingsTotal) driver.readings += sample.value;
    if (sample.name == drivers::kSourceConnectionsTotal) made[&driver] += sample.value;
    if (sample.name == drivers::kSourceLossesTotal) lost[&driver] += sample.value;
    if (sample.name == kInputRejectedTotal) driver.rejected += sample.value;
    if (sample.name == kDriverFailuresTotal) driver.failures += sample.value;
  }
  for (const auto& [driver, connections] : made) driver->away = connections <= lost[driver];
}

/// `up for 3m`, `down for 3m: why`; a hub that is up and refuses what is sent has a why, too.
std::string HubText(const uplink::PublisherStatus& publisher, const Clock& clock) {
  const auto since = std::chrono::round<std::chrono::seconds>(clock.Boot() - publisher.since);
  std::string text(ToString(publisher.link));
  text += " for " + ToString(Duration(since));
  if (!publisher.error.empty()) text += ": " + publisher.error;
  return text;
}

}  // namespace

AgentView App::View() const {
  AgentView view{.vehicle = config_.vehicle.id,
                 .version = std::string(kVersion),
                 .config_hash = config_hash_,
                 .now = clock_.Now(),
                 .boot = clock_.Boot(),
                 .clock_synced = ClockSynced(),
                 .board = board_.Look(),
                 .rules = ViewRules(),
                 .uplink = uplink_.status(),
                 .quota = config_.outbox.limits.quota,
                 .to_empty = drain_.ToEmpty(),
                 .to_full = fill_.ToFull(config_.outbox.limits.quota),
                 .display = ViewDisplay(),
                 .counters = counters_.Snapshot()};
  ShowHealth(view);
  view.started = view.now - (view.boot - started_);
  std::map<std::string, DriverView*> by_name;
  view.drivers.resize(drivers_.size());
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    DriverView& driver = view.drivers[i];
    driver.name = drivers_[i].name();
    driver.kind = drivers::KindOf(config_.drivers[i]);
    const auto heard = view.board.heard[i];
    if (heard) driver.silent_for = view.boot - *heard;
    driver.missing = MissingOf(drivers_[i].devices());
    by_name[driver.name] = &driver;
  }
  AddCounters(view.counters, by_name);
  return view;
}

RulesView App::ViewRules() const {
  const std::lock_guard lock(rules_mutex_);
  return rules_;
}

std::optional<DisplayView> App::ViewDisplay() const {
  const auto& mqtt = config_.notify.driver.mqtt;
  if (!display_ || !mqtt) return std::nullopt;
  return DisplayView{.broker = mqtt->options.broker, .connected = display_->connected()};
}

void App::ShowHealth(AgentView& view) const {
  const std::lock_guard lock(health_mutex_);
  view.health = health_;
  view.certificates = certificates_;
}

Result<void> App::OpenControl() {
  auto control = ControlSocket::Open(config_.outbox.directory,
                                     [this](std::string_view request) { return Answer(request); });
  if (!control) return control.error();
  control_ = std::move(*control);
  return {};
}

/// On a thread of its own. A disk that is read-only at the start takes no socket.
void App::ServeControl(const std::stop_token& stop) {
  if (!control_ && KeepTrying(stop, [this] { return OpenControl().has_value(); })) {
    spdlog::info("this agent can be asked now");
  }
  if (control_) control_->Run(stop);
}

std::string App::Answer(std::string_view request) {
  if (const auto question = RowsQuestion(request)) return RowsAnswer(uplink_.Look(*question));
  if (const auto question = StatusQuestionOf(request)) return AnswerOf(View(), *question);
  const bool json = request == kStatusJson;
  if (!json && request != kStatusText) return "unknown request\n";
  const uplink::UplinkStatus status = uplink_.status();
  OutboxView view{.directory = config_.outbox.directory,
                  .running = true,
                  .hub = HubText(status.publisher, clock_),
                  .lanes = status.outbox.lanes,
                  .disk = status.outbox.disk,
                  .quota = config_.outbox.limits.quota,
                  .to_empty = drain_.ToEmpty(),
                  .error = status.outbox.error};
  if (status.outbox.records > 0) view.oldest = status.outbox.oldest;
  for (const auto& [what, records] : status.ledger.dropped) {
    view.dropped[std::string(ToString(what.first)) + "." + what.second] = records;
  }
  return json ? Json(view) : Text(view);
}

void App::ShowLife() {
  const uplink::UplinkStatus status = uplink_.status();
  const auto verdict =
      watchdog_.Look(clock_.Boot(), {.pipeline = pipeline_.turns(), .uplink = uplink_.turns()});
  if (verdict == Watchdog::Verdict::kAlive) {
    service_.Alive("The hub is " + HubText(status.publisher, clock_) + ". " +
                   std::to_string(status.ledger.queued) + " records wait for it.");
  } else if (verdict == Watchdog::Verdict::kHangs) {
    spdlog::critical(
        "the {} hangs; systemd's watchdog ends the agent, and starts it anew. "
        "This is a bug, or a disk that doesn't answer",
        watchdog_.culprit());
    service_.Say("The " + std::string(watchdog_.culprit()) + " hangs.");
  }
}

void App::WriteStatus(const AgentView& view) const {
  if (config_.status.file.empty()) return;
  const std::string text = ViewJson(view).Text() + "\n";
  const Result<void> written = ReplaceFile(config_.status.file, text);
  if (!written) spdlog::warn("{}", written.error().message);
}

}  // namespace fleet_edge::agent
