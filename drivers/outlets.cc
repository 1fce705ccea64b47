#include "drivers/outlets.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/driver.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

Outlets::Outlets(std::string driver, Duration stale_after, const Environment& environment)
    : driver_(std::move(driver)),
      stale_after_(stale_after),
      environment_(environment),
      rejections_(environment.counters, driver_),
      accepted_(rejections_.Accepted()) {}

std::size_t Outlets::Add(const SignalTarget& target) {
  outlets_.push_back({.series = environment_.series.Find(target.signal, target.labels),
                      .signal = target.signal,
                      .conversion = target.conversion});
  return outlets_.size() - 1;
}

void Outlets::Put(std::size_t outlet, double value, UtcTime time, Quality quality) {
  Outlet& to = outlets_.at(outlet);
  if (to.series == nullptr) return Refuse(outlet, reason::kSeriesLimit);
  to.last = to.conversion(value);
  to.heard = environment_.clock.Boot();
  readings_.push_back({to.series, time, to.last, quality, environment_.driver});
}

void Outlets::Refuse(std::size_t outlet, std::string_view reason) {
  rejections_.Get(reason, outlets_.at(outlet).signal).Add();
}

void Outlets::Refuse(std::string_view reason) { rejections_.Get(reason).Add(); }

void Outlets::Flush() {
  if (readings_.empty()) return;
  accepted_.Add(readings_.size());
  environment_.readings.PushAll(readings_);
  readings_.clear();
}

void Outlets::MarkSilent() {
  const BootTime now = environment_.clock.Boot();
  const std::size_t before = readings_.size();
  for (Outlet& outlet : outlets_) {
    if (!outlet.heard || now - *outlet.heard <= stale_after_) continue;
    outlet.heard.reset();
    readings_.push_back({outlet.series, environment_.clock.Now(), outlet.last, Quality::kStale,
                         environment_.driver});
  }
  if (readings_.size() > before) {
    spdlog::warn("driver {}: silent for {}, stale until heard again: {} of its signals", driver_,
                 ToString(stale_after_), readings_.size() - before);
  }
  Flush();
}

}  // namespace fleet_edge::drivers
