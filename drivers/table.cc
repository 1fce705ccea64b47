#include "drivers/table.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/nearest.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/can/can_driver.h"
#include "drivers/gnss/gpsd_driver.h"
#include "drivers/gnss/nmea_driver.h"
#include "drivers/modbus/modbus_driver.h"
#include "drivers/mqtt/mqtt_driver.h"
#include "drivers/obd/obd_driver.h"
#include "drivers/replay/replay_driver.h"
#include "drivers/sysfs/sysfs_driver.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::array kKinds{
    DriverKind{"can", "A vehicle's CAN bus: SAE J1939, or what a DBC file says.", ParseCanDriver,
               CanDriverReference},
    DriverKind{"gpsd", "GNSS receivers, through gpsd.", ParseGpsdDriver, GpsdDriverReference},
    DriverKind{"modbus", "Probes on Modbus, RTU or TCP.", ParseModbusDriver, ModbusDriverReference},
    DriverKind{"mqtt", "Sensors that publish on an MQTT broker.", ParseMqttDriver,
               MqttDriverReference},
    DriverKind{"nmea", "A GNSS receiver that speaks NMEA 0183.", ParseNmeaDriver,
               NmeaDriverReference},
    DriverKind{"obd", "A vehicle's diagnostic plug, OBD-II: asks its control units.",
               ParseObdDriver, ObdDriverReference},
    DriverKind{"replay", "A recording, played as if it happened now.", ParseReplayDriver,
               ReplayDriverReference},
    DriverKind{"sysfs", "Temperatures from the kernel: 1-Wire, hwmon, IIO, thermal zones.",
               ParseSysfsDriver, SysfsDriverReference},
};

std::string KindNames() {
  std::string names;
  for (const DriverKind& kind : kKinds) names.append(names.empty() ? "" : " ").append(kind.kind);
  return names;
}

/// What is wrong with a key that is no kind, and the mend.
void RefuseKind(const YamlNode& key, const Section::Context& context) {
  std::array<std::string_view, kKinds.size() + 1> known{"name"};
  std::ranges::transform(kKinds, known.begin() + 1, &DriverKind::kind);
  const std::string_view near = Nearest(key.text, known);
  context.Fail(
      key.position, "unknown kind of driver '" + key.text + "'",
      near.empty() ? "Kinds: " + KindNames() : "Did you mean '" + std::string(near) + "'?");
}

/// Two sources of one series: rules would see it jump from one to the other.
class SharedSeries {
 public:
  /// Warns where `spec` shares series with a driver before it.
  void Check(const DriverSpec& spec, Position position, const Section::Context& context) {
    std::map<std::string, std::vector<std::string>> shared;  // by the other driver
    for (const std::string& series : spec.series().value_or(std::vector<std::string>())) {
      const auto [first, fresh] = givers_.emplace(series, spec.name());
      if (!fresh && first->second != spec.name()) shared[first->second].push_back(series);
    }
    for (const auto& [other, series] : shared) {
      context.diagnostics.push_back(
          {.file = context.file,
           .position = position,
           .severity = Diagnostic::Severity::kWarning,
           .what = "drivers " + other + " and " + spec.name() + " both give " + Some(series),
           .mend = "Leave it out of one of them, or tell them apart by a label"});
    }
  }

 private:
  static std::string Some(const std::vector<std::string>& series) {
    constexpr std::size_t kTold = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(kTold, series.size()); ++i) {
      text.append(i == 0 ? "" : ", ").append(series[i]);
    }
    if (series.size() > kTold) text += " and " + std::to_string(series.size() - kTold) + " more";
    return text;
  }

  std::map<std::string, std::string> givers_;  // series → driver
};

}  // namespace

std::vector<std::string> DevicesOf(const std::string& device, const std::string& interface) {
  std::vector<std::string> paths;
  if (!device.empty()) paths.push_back(device);
  if (!interface.empty()) paths.push_back("/sys/class/net/" + interface);
  return paths;
}

std::span<const DriverKind> DriverKinds() { return kKinds; }

std::unique_ptr<DriverSpec> ParseDriver(const YamlNode& item, const DriverDefaults& defaults,
                                        const Section::Context& context) {
  if (item.kind != YamlNode::Kind::kMapping) {
    context.Fail(item.position, "a driver is a mapping of its kind to its options",
                 "Write `- mqtt: {broker: …}`");
    return nullptr;
  }
  const DriverKind* kind = nullptr;
  const YamlNode* options = nullptr;
  std::string name;
  bool sound = true;
  for (const auto& [key, value] : item.entries) {
    if (key.text == "name") {
      Section::Read(value, context, name);
      continue;
    }
    const auto* const found = std::ranges::find(kKinds, key.text, &DriverKind::kind);
    if (found == kKinds.end()) {
      RefuseKind(key, context);
      sound = false;
    } else if (kind != nullptr) {
      context.Fail(
          key.position,
          "a driver has one kind, but this one is " + std::string(kind->kind) + " and " + key.text,
          "Make it two items of the list");
      sound = false;
    } else {
      kind = found;
      options = &value;
    }
  }
  if (kind == nullptr) {
    if (sound) context.Fail(item.position, "the driver has no kind", "Add one of: " + KindNames());
    return nullptr;
  }
  auto spec =
      kind->parse(name.empty() ? std::string(kind->kind) : name, *options, defaults, context);
  return sound ? std::move(spec) : nullptr;
}

std::string NameOf(const YamlNode& item) {
  const YamlNode* const name = item.Find("name");
  return name == nullptr || name->text.empty() ? std::string(KindOf(item)) : name->text;
}

std::string_view KindOf(const YamlNode& item) {
  for (const auto& [key, value] : item.entries) {
    if (key.text != "name") return key.text;
  }
  return {};
}

std::vector<std::unique_ptr<DriverSpec>> ParseDrivers(std::span<const YamlNode> items,
                                                      const DriverDefaults& defaults,
                                                      const Section::Context& context) {
  std::vector<std::unique_ptr<DriverSpec>> specs;
  SharedSeries shared;
  for (const YamlNode& item : items) {
    auto spec = ParseDriver(item, defaults, context);
    if (spec == nullptr) continue;
    const bool taken = std::ranges::any_of(
        specs, [&](const auto& other) { return other->name() == spec->name(); });
    if (taken) {
      context.Fail(item.position, "two drivers are called '" + spec->name() + "'",
                   "Give each a `name:` of its own");
      continue;
    }
    shared.Check(*spec, item.position, context);
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace fleet_edge::drivers
