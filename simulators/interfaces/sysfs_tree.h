#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {

/// The kernel's temperature sensors as files, below a folder that stands for /sys. Each file is
/// replaced as a whole, so that a reader sees the old or the new one. Each call writes one sensor
/// and returns what its files say, in °C. Throws std::runtime_error when a file can't be written.
/// One thread.
class SysfsTree {
 public:
  explicit SysfsTree(std::filesystem::path root) : root_(std::move(root)) {}

  /// A DS18B20: `w1_slave` with its scratchpad and its checksum, `temperature` in m°C.
  double WriteW1(std::string_view id, double celsius) const;

  /// `class/hwmon/hwmon<number>`, a TMP102: m°C in steps of 1/16 °C.
  double WriteHwmon(int number, std::string_view name, std::string_view label,
                    double celsius) const;

  /// `bus/iio/devices/iio:device<number>`, a Silicon Labs Si7020: raw, offset and scale.
  double WriteIio(int number, std::string_view name, double celsius) const;

  /// `class/thermal/thermal_zone<number>`, in whole m°C.
  double WriteThermal(int number, std::string_view type, double celsius) const;

 private:
  void Write(const std::filesystem::path& file, const std::string& text) const;

  const std::filesystem::path root_;
};

/// Dallas's CRC-8 (x⁸ + x⁵ + x⁴ + 1, the lowest bit first; Maxim, application note 27).
std::uint8_t DallasCrc(std::string_view bytes);

}  // namespace fleet_edge::simulators
