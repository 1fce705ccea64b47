#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/quality.h"

namespace fleet_edge::drivers {

/// A temperature sensor that the kernel shows as files. A value.
struct SysfsSensor {
  enum class Kind : std::uint8_t {
    kW1,       ///< 1-Wire, bus/w1/devices/<name>: Documentation/w1/slaves/w1_therm.rst
    kHwmon,    ///< class/hwmon/*/name: Documentation/hwmon/sysfs-interface.rst
    kIio,      ///< bus/iio/devices/*/name: Documentation/ABI/testing/sysfs-bus-iio
    kThermal,  ///< class/thermal/thermal_zone*/type: Documentation/driver-api/thermal
  };

  Kind kind = Kind::kW1;
  std::string name;     ///< of the device; devices are numbered anew at each boot
  std::string channel;  ///< hwmon: `temp1`, or its label; IIO: `temp`; empty: the kind's first
};

/// What a sensor says.
struct SysfsReading {
  double celsius = 0;
  Quality quality = Quality::kGood;  ///< kSuspect: a value that a DS18B20 has without measuring
  std::string_view refused;          ///< why there is none: a reason of drivers/rejections.h
  std::string why;                   ///< the same for people: path and cause
};

/// Reads the sensor under `root` (`/sys`), looking for it anew each time: it may have been plugged
/// in since. May block as long as the sensor measures, 750 ms on 1-Wire.
SysfsReading ReadSysfs(const std::string& root, const SysfsSensor& sensor);

}  // namespace fleet_edge::drivers
