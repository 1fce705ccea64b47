#include "drivers/gnss/gpsd_devices.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gpsd.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {

std::optional<std::string_view> GpsdDevices::Take(const GpsdMessage& message, BootTime now,
                                                  std::vector<GnssReport>& out) {
  const bool fix = message.report.fix.value_or(0) >= 2;
  const auto device = Find(message.device, now);
  if (!device || !Believe(*device, fix, now)) return reason::kOtherSource;
  if (message.kind == GpsdMessage::Kind::kSky) {
    if (message.report.hdop) sky_.hdop = message.report.hdop;
    if (message.report.satellites) sky_.satellites = message.report.satellites;
    return std::nullopt;
  }
  if (IsNext(message.report)) {
    Finish(out);
    once_.Reset();
  }
  moment_ = message.report;
  heard_ = true;
  closed_ = false;
  return std::nullopt;
}

bool GpsdDevices::IsNext(const GnssReport& report) const {
  if (!moment_) return false;
  const bool differs = moment_->time != report.time;
  // Before gpsd knows the date it tells a moment without a time, then with it.
  if (!closed_) return moment_->time && differs;
  // A lost fix is told again and again, also when the time stands still.
  return differs || !report.time || report.fix < 2;
}

void GpsdDevices::Finish(std::vector<GnssReport>& out) {
  closed_ = true;
  if (!moment_ || !heard_) return;
  heard_ = false;
  GnssReport report = *moment_;
  if (report.fix >= 2) {
    report.hdop = sky_.hdop;
    // Receivers tell one satellite system after another, and gpsd at times counts the last alone:
    // a fix has satellites.
    if (sky_.satellites != 0) report.satellites = sky_.satellites;
  }
  sky_ = {};
  if (const auto rest = once_.Take(report)) out.push_back(*rest);
}

void GpsdDevices::Remove(std::string_view path) {
  const auto found = std::ranges::find(devices_, path, &Device::path);
  if (found == devices_.end()) return;
  const auto place = static_cast<std::size_t>(found - devices_.begin());
  devices_.erase(found);
  if (!believed_ || *believed_ < place) return;
  if (*believed_ > place) {
    --*believed_;
  } else {
    believed_.reset();
    Drop();
  }
}

std::string_view GpsdDevices::believed() const {
  return believed_ ? std::string_view(devices_[*believed_].path) : std::string_view();
}

std::optional<std::size_t> GpsdDevices::Find(std::string_view path, BootTime now) {
  if (!only_.empty() && path != only_) return std::nullopt;
  const auto found = std::ranges::find(devices_, path, &Device::path);
  if (found != devices_.end()) return static_cast<std::size_t>(found - devices_.begin());
  if (devices_.size() == kMost) {
    // gpsd doesn't tell of each that is gone, and a receiver can come back under another name.
    const auto oldest = std::ranges::min_element(devices_, {}, &Device::heard);
    if (now - oldest->heard <= kPatience) return std::nullopt;
    Remove(std::string(oldest->path));
  }
  devices_.push_back({.path = std::string(path), .heard = now});
  return devices_.size() - 1;
}

bool GpsdDevices::Believe(std::size_t device, bool fix, BootTime now) {
  Device& heard = devices_[device];
  heard.heard = now;
  if (fix) heard.fixed = now;
  if (believed_ == device) return true;
  if (believed_) {
    const Device& other = devices_[*believed_];
    const bool silent = now - other.heard > kPatience;
    const bool lost = !other.fixed || now - *other.fixed > kPatience;
    if (!silent && !(fix && lost)) return false;
  }
  believed_ = device;
  Drop();
  return true;
}

void GpsdDevices::Drop() {
  moment_.reset();
  sky_ = {};
  heard_ = closed_ = false;
  once_.Reset();
}

}  // namespace fleet_edge::drivers
