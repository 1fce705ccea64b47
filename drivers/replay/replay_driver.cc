#include "drivers/replay/replay_driver.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/number.h"
#include "drivers/read_options.h"
#include "drivers/replay/recording.h"
#include "drivers/replay/recording_options.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::size_t kBatch = 256;  // readings handed on at once when there is no pace to keep

class ReplayDriverSpec : public DriverSpec {
 public:
  ReplayDriverSpec(std::string name, ReplayOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override { return std::nullopt; }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    return std::make_unique<ReplayDriver>(name_, options_, environment);
  }

 private:
  const std::string name_;
  const ReplayOptions options_;
};

/// Waits until a moment of the clock or a stop. The clock is asked again after each wait, so one
/// that is cranked by hand is seen within a tenth of a second of real time.
class Pacer {
 public:
  Pacer(const Clock& clock, const std::stop_token& stop) : clock_(clock), stop_(stop) {}

  void WaitUntil(BootTime due) {
    std::unique_lock lock(mutex_);
    for (Duration left = due - clock_.Boot(); left > Duration::zero() && !stop_.stop_requested();
         left = due - clock_.Boot()) {
      never_.wait_for(lock, stop_, std::min<Duration>(left, std::chrono::milliseconds(100)),
                      [] { return false; });
    }
  }

 private:
  const Clock& clock_;
  const std::stop_token& stop_;
  std::mutex mutex_;  // of the wait alone: nothing is shared
  std::condition_variable_any never_;
};

}  // namespace

void Describe(Section& section, ReplayOptions& options) {
  section.Require("path", options.path,
                  "The recording: CSV, NMEA 0183, GENIVI's positioning log, or a CAN bus's by "
                  "candump or as ASC.");
  section.Key("speed", options.speed, "Times the recording's pace: 1, 10, 0.5; or max.");
  static constexpr std::array<std::string_view, 2> kShifts{"now", "none"};
  section
      .Key("shift", options.shift,
           "now: as if it happened now, at the given speed; none: the recording's own times. "
           "Default: now, with speed max none.")
      .OneOf(kShifts);
  Describe(section, options.recording);
  if (options.speed == "max") {
    options.pace.reset();
  } else if (const auto pace = ParseNumber(options.speed); pace && *pace > 0) {
    options.pace = pace;
  } else {
    section.Fail("speed", "'" + options.speed + "' is no speed",
                 "Write a number greater than 0, or max");
  }
  if (options.shift.empty()) {
    options.shift = options.pace ? "now" : "none";
  } else if (options.shift == "now" && !options.pace) {
    section.Fail("shift", "at speed max there is no pace that the times could follow",
                 "Write `shift: none`, or give a speed");
  } else if (options.shift != "now" && options.shift != "none") {
    section.Fail("shift", "unknown shift '" + options.shift + "'", "Allowed here: now none");
  }
}

std::unique_ptr<DriverSpec> ParseReplayDriver(const std::string& name, const YamlNode& options,
                                              const DriverDefaults& /*defaults*/,
                                              const Section::Context& context) {
  auto read = ReadOptions<ReplayOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<ReplayDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> ReplayDriverReference() {
  return Section::Reference<ReplayOptions>("drivers[].replay");
}

ReplayDriver::ReplayDriver(std::string name, ReplayOptions options, const Environment& environment)
    : name_(std::move(name)), options_(std::move(options)), environment_(environment) {}

void ReplayDriver::Run(std::stop_token stop) {
  auto recording =
      OpenRecording(options_.path, options_.recording,
                    {name_, environment_.series, environment_.counters, environment_.driver});
  if (!recording) {
    spdlog::error("driver {}: {}; it plays nothing", name_, recording.error().message);
    return;
  }
  Play(**recording, stop);
  if (!stop.stop_requested()) spdlog::info("driver {}: {} has ended", name_, options_.path);
}

void ReplayDriver::Play(Recording& recording, const std::stop_token& stop) {
  Pacer pacer(environment_.clock, stop);
  const BootTime began = environment_.clock.Boot();
  const UtcTime now = environment_.clock.Now();
  std::optional<UtcTime> first;
  std::vector<Reading> readings;
  for (bool more = true; more && !stop.stop_requested();) {
    more = recording.Next(readings);
    if (readings.empty()) continue;
    if (options_.pace) {
      if (!first) first = readings.front().time;
      const auto since = [&](UtcTime time) {
        const std::chrono::duration<double, Duration::period> recorded = time - *first;
        return std::chrono::duration_cast<Duration>(recorded / *options_.pace);
      };
      pacer.WaitUntil(began + since(readings.front().time));
      if (stop.stop_requested()) return;
      if (options_.shift == "now") {
        for (Reading& reading : readings) reading.time = now + since(reading.time);
      }
    } else if (more && readings.size() < kBatch) {
      continue;
    }
    // A recording can wait, sensors can't: half of the queue is theirs.
    if (!options_.pace &&
        !environment_.readings.AwaitSize(environment_.readings.capacity() / 2, stop)) {
      return;
    }
    environment_.readings.PushAll(readings);
    readings.clear();
  }
}

}  // namespace fleet_edge::drivers
