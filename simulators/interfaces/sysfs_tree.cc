#include "simulators/interfaces/sysfs_tree.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ios>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace fleet_edge::simulators {
namespace {

namespace fs = std::filesystem;

constexpr double kMilli = 1'000;
// DS18B20 at 12 bits, and TMP102: 1/16 °C. The kernel cuts the rest of a m°C off.
constexpr int kSixteenths = 16;

int Sixteenths(double celsius) { return static_cast<int>(std::lround(celsius * kSixteenths)); }
int MilliOf(int sixteenths) { return sixteenths * static_cast<int>(kMilli) / kSixteenths; }

}  // namespace

std::uint8_t DallasCrc(std::string_view bytes) {
  constexpr std::uint8_t kPolynomial = 0x8C;
  std::uint8_t crc = 0;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (crc & 1U) != 0;
      crc = static_cast<std::uint8_t>(crc >> 1U);
      if (carry) crc ^= kPolynomial;
    }
  }
  return crc;
}

double SysfsTree::WriteW1(std::string_view id, double celsius) const {
  const int raw = Sixteenths(celsius);
  // Data sheet, table 1 and figure 9: temperature, alarms, configuration (12 bits), reserved.
  std::string pad{static_cast<char>(raw & 0xFF),
                  static_cast<char>((raw >> 8) & 0xFF),
                  0x4B,
                  0x46,
                  0x7F,
                  static_cast<char>(0xFF),
                  0x0E,
                  0x10};
  pad += static_cast<char>(DallasCrc(pad));
  std::string bytes;
  for (const char byte : pad) {
    std::array<char, 4> text{};
    std::snprintf(text.data(), text.size(), "%02x ", unsigned{static_cast<unsigned char>(byte)});
    bytes += text.data();
  }
  const std::string crc = bytes.substr(bytes.size() - 3, 2);
  const std::string milli = std::to_string(MilliOf(raw));
  const fs::path device = root_ / "bus/w1/devices" / id;
  Write(device / "w1_slave", bytes + ": crc=" + crc + " YES\n" + bytes + "t=" + milli + "\n");
  Write(device / "temperature", milli + "\n");
  return MilliOf(raw) / kMilli;
}

double SysfsTree::WriteHwmon(int number, std::string_view name, std::string_view label,
                             double celsius) const {
  const fs::path device = root_ / "class/hwmon" / ("hwmon" + std::to_string(number));
  const int milli = MilliOf(Sixteenths(celsius));
  Write(device / "name", std::string(name) + "\n");
  Write(device / "temp1_label", std::string(label) + "\n");
  Write(device / "temp1_input", std::to_string(milli) + "\n");
  return milli / kMilli;
}

double SysfsTree::WriteIio(int number, std::string_view name, double celsius) const {
  // Si7020, data sheet, 5.1.2: celsius = 175.72 × code / 65536 − 46.85, of which the kernel's
  // driver drops the two lowest bits. In its files: (raw + offset) × scale, in m°C.
  constexpr int kOffset = -4368;
  constexpr double kScale = 10.725097656;
  const auto raw = static_cast<int>(std::lround(celsius * kMilli / kScale)) - kOffset;
  const fs::path device = root_ / "bus/iio/devices" / ("iio:device" + std::to_string(number));
  Write(device / "name", std::string(name) + "\n");
  Write(device / "in_temp_offset", std::to_string(kOffset) + "\n");
  Write(device / "in_temp_scale", "10.725097656\n");
  Write(device / "in_temp_raw", std::to_string(raw) + "\n");
  return (raw + kOffset) * kScale / kMilli;
}

double SysfsTree::WriteThermal(int number, std::string_view type, double celsius) const {
  const fs::path zone = root_ / "class/thermal" / ("thermal_zone" + std::to_string(number));
  const auto milli = static_cast<int>(std::lround(celsius * kMilli));
  Write(zone / "type", std::string(type) + "\n");
  Write(zone / "temp", std::to_string(milli) + "\n");
  return milli / kMilli;
}

void SysfsTree::Write(const fs::path& file, const std::string& text) const {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const fs::path fresh = file.parent_path() / ".fresh";
  std::ofstream(fresh, std::ios::binary) << text;
  fs::rename(fresh, file, error);
  if (error) throw std::runtime_error(file.string() + ": " + error.message());
}

}  // namespace fleet_edge::simulators
