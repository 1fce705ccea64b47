#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/rejections.h"
#include "drivers/sysfs/sysfs_sensor.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// Keys of the kind `sysfs`. A value.
struct SysfsDriverOptions {
  struct Sensor {
    std::string w1;
    std::string hwmon;
    std::string iio;
    std::string thermal;
    std::string channel;

    SysfsSensor compiled{};
  };

  std::string root = "/sys";
  Duration every = std::chrono::seconds{1};
  Duration stale_after = std::chrono::seconds{10};
  std::map<std::string, Sensor> signals;  ///< by series
};

void Describe(Section& section, SysfsDriverOptions::Sensor& sensor);
void Describe(Section& section, SysfsDriverOptions& options);

/// DriverKind::parse of `sysfs`.
std::unique_ptr<DriverSpec> ParseSysfsDriver(const std::string& name, const YamlNode& options,
                                             const DriverDefaults& defaults,
                                             const Section::Context& context);

/// DriverKind::reference of `sysfs`.
std::vector<Section::KeyDoc> SysfsDriverReference();

/// Reads the kernel's temperature sensors one after another, each `every`, or as often as all of
/// them together let it. A stop waits for the reading that is going on.
class SysfsDriver : public Driver {
 public:
  /// As ReadSysfs().
  using ReadSensor =
      std::function<SysfsReading(const std::string& root, const SysfsSensor& sensor)>;

  SysfsDriver(std::string name, SysfsDriverOptions options, const Environment& environment,
              ReadSensor read = ReadSysfs);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  struct Source {
    SysfsSensor sensor;
    std::string text;      // its series, for logs
    const Series* series;  // null where the registry was full
    std::optional<double> last{};
    BootTime heard{};
    bool stale = false;   // told to be
    bool failed = false;  // its last read; logged once
  };

  void Read(Source& source);
  void NoteFailure(Source& source, const SysfsReading& reading);

  const std::string name_;
  const SysfsDriverOptions options_;
  const Environment environment_;
  const ReadSensor read_;
  const Rejections rejections_;
  Counter& accepted_;
  std::vector<Source> sources_;
};

}  // namespace fleet_edge::drivers
