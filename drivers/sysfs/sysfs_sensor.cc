#include "drivers/sysfs/sysfs_sensor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/quality.h"
#include "core/result.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

namespace fs = std::filesystem;

constexpr double kMilli = 1'000;

// DS18B20, data sheet: the value at power-on; and what it gives when it is short of power.
constexpr double kPowerOn = 85'000;
constexpr double kTooLittlePower = 127'937;

/// The file's text, of one page at most: sysfs has no longer ones. What is no file is refused: a
/// pipe would never end.
Result<std::string> ReadFile(const fs::path& path) {
  const auto fail = [&] {
    return Error{Error::Code::kRetry, path.string() + ": " + std::strerror(errno)};
  };
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (!file || ::fstat(file.get(), &about) != 0) return fail();
  if (S_ISFIFO(about.st_mode)) return Error{Error::Code::kRetry, path.string() + ": it is a pipe"};
  std::array<char, 4096> bytes{};
  const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
  if (size < 0) return fail();
  return std::string(bytes.data(), static_cast<std::size_t>(size));
}

SysfsReading Refused(std::string_view reason, std::string why) {
  return {.celsius = 0, .quality = {}, .refused = reason, .why = std::move(why)};
}

/// A file that holds one number, in a unit of 1 / `per_degree` °C.
SysfsReading ReadNumber(const fs::path& path, double per_degree) {
  const auto text = ReadFile(path);
  if (!text) return Refused(reason::kDeviceError, text.error().message);
  const auto number = ParseNumber(Trim(*text));
  if (!number) {
    return Refused(reason::kMalformed,
                   path.string() + ": '" + std::string(Trim(*text)) + "' is no number");
  }
  return {.celsius = *number / per_degree, .quality = Quality::kGood, .refused = {}, .why = {}};
}

SysfsReading ReadMilli(const fs::path& path) { return ReadNumber(path, kMilli); }

SysfsReading Doubted(SysfsReading reading) {
  const double milli = reading.celsius * kMilli;
  if (milli == kPowerOn || milli == kTooLittlePower) reading.quality = Quality::kSuspect;
  return reading;
}

/// w1_slave: `… crc=1c YES`, then `… t=23125`.
SysfsReading ReadW1Slave(const fs::path& path) {
  const auto text = ReadFile(path);
  if (!text) return Refused(reason::kDeviceError, text.error().message);
  const std::size_t line = text->find('\n');
  const std::string_view first = Trim(std::string_view(*text).substr(0, line));
  if (first.ends_with("NO")) {
    return Refused(reason::kChecksum, path.string() + ": the checksum is wrong");
  }
  const std::size_t at = text->rfind("t=");
  const auto milli = at == std::string::npos
                         ? std::nullopt
                         : ParseNumber(Trim(std::string_view(*text).substr(at + 2)));
  if (!first.ends_with("YES") || !milli) {
    return Refused(reason::kMalformed, path.string() + ": no `YES` and no `t=`");
  }
  return {.celsius = *milli / kMilli, .quality = Quality::kGood, .refused = {}, .why = {}};
}

SysfsReading ReadW1(const fs::path& root, const SysfsSensor& sensor) {
  const fs::path device = root / "bus/w1/devices" / sensor.name;
  // w1_slave alone tells whether the checksum was right; the newest kernels may have no such file.
  std::error_code ignored;
  const fs::path slave = device / "w1_slave";
  if (fs::exists(slave, ignored)) return Doubted(ReadW1Slave(slave));
  return Doubted(ReadMilli(device / "temperature"));
}

/// The folder in `folder` whose file `file` holds `name`.
std::optional<fs::path> FindByName(const fs::path& folder, const char* file,
                                   const std::string& name) {
  std::error_code error;
  std::vector<fs::path> devices;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    devices.push_back(entry->path());
  }
  std::ranges::sort(devices);
  for (const fs::path& device : devices) {
    const auto text = ReadFile(device / file);
    if (text && Trim(*text) == name) return device;
  }
  return std::nullopt;
}

SysfsReading NotThere(const fs::path& folder, const std::string& what) {
  return Refused(reason::kDeviceError, folder.string() + ": no " + what);
}

SysfsReading ReadHwmon(const fs::path& root, const SysfsSensor& sensor) {
  const fs::path folder = root / "class/hwmon";
  const auto device = FindByName(folder, "name", sensor.name);
  if (!device) return NotThere(folder, "device called " + sensor.name);
  const std::string channel = sensor.channel.empty() ? "temp1" : sensor.channel;
  constexpr int kChannels = 64;
  for (int n = 1; n <= kChannels; ++n) {
    const std::string input = "temp" + std::to_string(n);
    const auto label = ReadFile(*device / (input + "_label"));
    if (input == channel || (label && Trim(*label) == channel)) {
      return ReadMilli(*device / (input + "_input"));
    }
  }
  return NotThere(*device, "channel " + channel);
}

SysfsReading ReadIio(const fs::path& root, const SysfsSensor& sensor) {
  const fs::path folder = root / "bus/iio/devices";
  const auto device = FindByName(folder, "name", sensor.name);
  if (!device) return NotThere(folder, "device called " + sensor.name);
  const std::string channel = "in_" + (sensor.channel.empty() ? "temp" : sensor.channel);
  std::error_code ignored;
  if (fs::exists(*device / (channel + "_input"), ignored)) {
    return ReadMilli(*device / (channel + "_input"));
  }
  SysfsReading raw = ReadNumber(*device / (channel + "_raw"), 1);
  const SysfsReading scale = ReadNumber(*device / (channel + "_scale"), 1);
  SysfsReading offset;
  if (fs::exists(*device / (channel + "_offset"), ignored)) {
    offset = ReadNumber(*device / (channel + "_offset"), 1);
  }
  for (const SysfsReading* const part : std::array<const SysfsReading*, 3>{&raw, &scale, &offset}) {
    if (!part->refused.empty()) return *part;
  }
  raw.celsius = (raw.celsius + offset.celsius) * scale.celsius / kMilli;
  return raw;
}

SysfsReading ReadThermal(const fs::path& root, const SysfsSensor& sensor) {
  const fs::path folder = root / "class/thermal";
  const auto zone = FindByName(folder, "type", sensor.name);
  if (!zone) return NotThere(folder, "zone of type " + sensor.name);
  return ReadMilli(*zone / "temp");
}

}  // namespace

SysfsReading ReadSysfs(const std::string& root, const SysfsSensor& sensor) {
  switch (sensor.kind) {
    case SysfsSensor::Kind::kW1:
      return ReadW1(root, sensor);
    case SysfsSensor::Kind::kHwmon:
      return ReadHwmon(root, sensor);
    case SysfsSensor::Kind::kIio:
      return ReadIio(root, sensor);
    case SysfsSensor::Kind::kThermal:
      return ReadThermal(root, sensor);
  }
  return Refused(reason::kDeviceError, "no such kind of sensor");
}

}  // namespace fleet_edge::drivers
