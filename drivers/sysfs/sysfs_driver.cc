#include "drivers/sysfs/sysfs_driver.h"

#include <spdlog/spdlog.h>
#include <sys/poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/read_options.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"
#include "drivers/sysfs/sysfs_sensor.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;

class SysfsDriverSpec : public DriverSpec {
 public:
  SysfsDriverSpec(std::string name, SysfsDriverOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override {
    std::vector<std::string> names;
    names.reserve(options_.signals.size());
    for (const auto& [series, sensor] : options_.signals) {
      if (const auto target = ParseSignalTarget(series, {})) names.push_back(SeriesText(*target));
    }
    return names;
  }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    return std::make_unique<SysfsDriver>(name_, options_, environment);
  }

 private:
  const std::string name_;
  const SysfsDriverOptions options_;
};

/// Each reading of a 1-Wire sensor converts anew: DS18B20, data sheet, 12 bits.
void WarnOfSlowness(const Section& section, const SysfsDriverOptions& options) {
  constexpr Duration kConversion = milliseconds{750};
  const auto count = std::ranges::count_if(
      options.signals, [](const auto& signal) { return !signal.second.w1.empty(); });
  const Duration round = kConversion * count;
  if (round <= options.every) return;
  section.context().diagnostics.push_back(
      {.file = section.context().file,
       .position = section.PositionOf("every"),
       .severity = Diagnostic::Severity::kWarning,
       .what = std::to_string(count) + " 1-Wire sensors take " + ToString(round) +
               " a round, so none is read every " + ToString(options.every),
       .mend = "Write `every: " + ToString(std::chrono::ceil<std::chrono::seconds>(round)) +
               "` or more, or lower the sensors' resolution"});
}

}  // namespace

void Describe(Section& section, SysfsDriverOptions::Sensor& sensor) {
  section.Key("w1", sensor.w1, "1-Wire: the sensor's id, 28-….");
  section.Key("hwmon", sensor.hwmon, "hwmon: the device's name.");
  section.Key("iio", sensor.iio, "IIO: the device's name.");
  section.Key("thermal", sensor.thermal, "Thermal zone: its type.");
  section.Key("channel", sensor.channel,
              "hwmon: temp1, or a label; IIO: temp. Default: the first of them.");
  if (!section.reading()) return;
  const std::array<std::pair<const std::string*, SysfsSensor::Kind>, 4> kinds{{
      {&sensor.w1, SysfsSensor::Kind::kW1},
      {&sensor.hwmon, SysfsSensor::Kind::kHwmon},
      {&sensor.iio, SysfsSensor::Kind::kIio},
      {&sensor.thermal, SysfsSensor::Kind::kThermal},
  }};
  int given = 0;
  for (const auto& [name, kind] : kinds) {
    if (name->empty()) continue;
    sensor.compiled = {.kind = kind, .name = *name, .channel = sensor.channel};
    ++given;
  }
  if (given != 1) {
    section.Fail("w1", "a sensor is of one kind", "Write one of w1, hwmon, iio, thermal");
  } else if (sensor.compiled.name.find('/') != std::string::npos) {
    section.Fail("w1", "a name, not a path", "Write for example `w1: 28-0000075a5b2c`");
  }
}

void Describe(Section& section, SysfsDriverOptions& options) {
  section.Key("root", options.root, "Where sysfs is.");
  section.Key("every", options.every, "How often each sensor is read.");
  section.Key("stale_after", options.stale_after,
              "Failure to read for this long makes a signal stale.");
  section.Require("signals", options.signals,
                  "Series → {w1, hwmon, iio or thermal: name}, in degrees Celsius.");
  if (!section.reading()) return;
  if (options.every < milliseconds{100}) {
    section.Fail("every", "too often: a 1-Wire sensor takes 750 ms", "Write 100ms or more");
  }
  for (const auto& [series, sensor] : options.signals) {
    ReadSignalTarget(series, "C", section.PositionOf("signals"), section.context());
  }
  WarnOfSlowness(section, options);
}

std::unique_ptr<DriverSpec> ParseSysfsDriver(const std::string& name, const YamlNode& options,
                                             const DriverDefaults& /*defaults*/,
                                             const Section::Context& context) {
  auto read = ReadOptions<SysfsDriverOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<SysfsDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> SysfsDriverReference() {
  return Section::Reference<SysfsDriverOptions>("drivers[].sysfs");
}

SysfsDriver::SysfsDriver(std::string name, SysfsDriverOptions options,
                         const Environment& environment, ReadSensor read)
    : name_(std::move(name)),
      options_(std::move(options)),
      environment_(environment),
      read_(std::move(read)),
      rejections_(environment.counters, name_),
      accepted_(rejections_.Accepted()) {
  for (const auto& [series, sensor] : options_.signals) {
    const auto target = ParseSignalTarget(series, "C");
    if (!target) continue;  // refused when it was parsed
    sources_.push_back({.sensor = sensor.compiled,
                        .text = series,
                        .series = environment.series.Find(target->signal, target->labels)});
  }
}

void SysfsDriver::Run(std::stop_token stop) {
  const StopEvent stopped(stop);
  while (!stop.stop_requested()) {
    const BootTime next = environment_.clock.Boot() + options_.every;
    for (Source& source : sources_) {
      if (stop.stop_requested()) return;
      Read(source);
    }
    const Duration left = std::clamp(next - environment_.clock.Boot(), Duration{0}, options_.every);
    pollfd event{.fd = stopped.fd(), .events = POLLIN, .revents = 0};
    ::poll(&event, 1, static_cast<int>(std::chrono::ceil<milliseconds>(left).count()));
  }
}

void SysfsDriver::Read(Source& source) {
  const SysfsReading reading = read_(options_.root, source.sensor);
  const BootTime now = environment_.clock.Boot();
  if (!reading.refused.empty()) return NoteFailure(source, reading);
  if (source.series == nullptr) {
    rejections_.Get(reason::kSeriesLimit, source.text).Add();
    return;
  }
  if (source.failed) spdlog::info("driver {}: {} is read again", name_, source.text);
  source.failed = source.stale = false;
  source.last = reading.celsius;
  source.heard = now;
  accepted_.Add();
  environment_.readings.Push({source.series, environment_.clock.Now(), reading.celsius,
                              reading.quality, environment_.driver});
}

void SysfsDriver::NoteFailure(Source& source, const SysfsReading& reading) {
  rejections_.Get(reading.refused, source.text.substr(0, source.text.find('{'))).Add();
  if (!source.failed) spdlog::warn("driver {}: {}: {}", name_, source.text, reading.why);
  source.failed = true;
  const bool silent = environment_.clock.Boot() - source.heard >= options_.stale_after;
  if (!source.last || source.stale || !silent || source.series == nullptr) return;
  source.stale = true;
  accepted_.Add();
  environment_.readings.Push({source.series, environment_.clock.Now(), *source.last,
                              Quality::kStale, environment_.driver});
}

}  // namespace fleet_edge::drivers
