#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/section.h"
#include "core/yaml.h"
#include "drivers/driver.h"

namespace fleet_edge::drivers {

/// A driver as it is configured. Making one starts nothing: `fleet-edge check` stops here.
///
/// A value in all but its type: any thread, keeps no reference to what it was read from.
class DriverSpec {
 public:
  DriverSpec() = default;
  DriverSpec(const DriverSpec&) = delete;
  DriverSpec& operator=(const DriverSpec&) = delete;
  virtual ~DriverSpec() = default;

  virtual const std::string& name() const = 0;

  /// The series it can produce, as `name` or `name{label="value"}`; a label's value that only the
  /// source tells is in braces. Nothing when the source tells the names, too.
  virtual std::optional<std::vector<std::string>> series() const = 0;

  /// Paths that are there while its device is: `/dev/ttyUSB0`, `/sys/class/net/can0`.
  virtual std::vector<std::string> devices() const { return {}; }

  /// Makes the driver; it touches its device in Run() only. `environment`'s parts outlive it.
  virtual std::unique_ptr<Driver> Make(const Environment& environment) const = 0;
};

/// The paths of a device file and of a network interface, for DriverSpec::devices(); what is empty
/// has none.
std::vector<std::string> DevicesOf(const std::string& device, const std::string& interface = {});

/// What a driver's defaults are made of.
struct DriverDefaults {
  std::string vehicle_id;
  bool passing = false;  ///< who only tries: a name of its own at brokers, no session left there
};

/// One kind of driver: one line of the table in table.cc.
struct DriverKind {
  using Parse = std::unique_ptr<DriverSpec> (*)(const std::string& name, const YamlNode& options,
                                                const DriverDefaults& defaults,
                                                const Section::Context& context);

  std::string_view kind;                        ///< the key in the configuration
  std::string_view help;                        ///< one line
  Parse parse;                                  ///< null when it has added errors to the context
  std::vector<Section::KeyDoc> (*reference)();  ///< its options, paths from `drivers[].<kind>`
};

/// All kinds, by name.
std::span<const DriverKind> DriverKinds();

/// Reads one item of the configuration's list of drivers: `{name: probes, mqtt: {…}}`, the name
/// being optional (default: the kind). Null when it has added errors to `context`.
std::unique_ptr<DriverSpec> ParseDriver(const YamlNode& item, const DriverDefaults& defaults,
                                        const Section::Context& context);

/// The name that an item gives its driver: empty where it has neither name nor kind.
std::string NameOf(const YamlNode& item);

/// The kind of an item that ParseDriver() takes: `mqtt`.
std::string_view KindOf(const YamlNode& item);

/// Reads the whole list; a name that stands twice is an error. Items with errors are left out.
std::vector<std::unique_ptr<DriverSpec>> ParseDrivers(std::span<const YamlNode> items,
                                                      const DriverDefaults& defaults,
                                                      const Section::Context& context);

}  // namespace fleet_edge::drivers
