// How App shows itself; app.cc says how it is built and run.

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/agent_view.h"
#include "agent/app.h"
#include "agent/board.h"
#include "agent/clock_watch.h"
#include "agent/driver_life.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "core/version.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

/// The value of the label `driver`; empty without one.
std::string DriverOf(const Labels& labels) {
  for (const auto& [name, value] : labels) {
    if (name == "driver") return value;
  }
  return {};
}

/// Adds what is counted by driver to the drivers' views, which are by name.
void AddCounters(const std::vector<Counters::Sample>& samples,
                 const std::map<std::string, DriverView*>& drivers) {
  for (const Counters::Sample& sample : samples) {
    const auto found = drivers.find(DriverOf(sample.labels));
    if (found == drivers.end()) continue;
    DriverView& driver = *found->second;
    if (sample.name == kInputReadingsTotal) driver.readings += sample.value;
    if (sample.name == kInputRejectedTotal) driver.rejected += sample.value;
    if (sample.name == kDriverFailuresTotal) driver.failures += sample.value;
  }
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
                 .counters = counters_.Snapshot()};
  view.started = view.now - (view.boot - started_);
  std::map<std::string, DriverView*> by_name;
  view.drivers.resize(drivers_.size());
  for (std::size_t i = 0; i < drivers_.size(); ++i) {
    DriverView& driver = view.drivers[i];
    driver.name = drivers_[i].name();
    driver.kind = drivers::KindOf(config_.drivers[i]);
    const auto heard = view.board.heard[i];
    if (heard) driver.silent_for = view.boot - *heard;
    by_name[driver.name] = &driver;
  }
  AddCounters(view.counters, by_name);
  return view;
}

RulesView App::ViewRules() const {
  const std::lock_guard lock(rules_mutex_);
  return rules_;
}

}  // namespace fleet_edge::agent
