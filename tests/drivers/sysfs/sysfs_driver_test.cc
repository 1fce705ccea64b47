#include "drivers/sysfs/sysfs_driver.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <latch>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/rejections.h"
#include "drivers/sysfs/sysfs_sensor.h"
#include "tests/drivers/world.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;
using Kind = SysfsSensor::Kind;

constexpr const char* kProbe = "bus/w1/devices/28-00a/w1_slave";

std::string Slave(std::string_view crc, std::string_view milli) {
  return "72 01 4b 46 7f ff 0e 10 57 : crc=57 " + std::string(crc) +
         "\n72 01 4b 46 7f ff 0e 10 57 t=" + std::string(milli) + "\n";
}

/// A folder that stands in for /sys.
struct Sys : TempFolder {
  SysfsReading Read(Kind kind, const std::string& name, const std::string& channel = {}) const {
    return ReadSysfs(path(), {.kind = kind, .name = name, .channel = channel});
  }
};

/// The next readings, shown; for a minute at most.
std::string Next(World& world) {
  const SystemClock clock;
  std::vector<Reading> taken;
  world.readings.PopAll(taken, clock.Boot() + 1min, clock, {});
  return taken.empty() ? "" : Show(taken.back());
}

/// The readings until one is `wanted`.
bool Await(World& world, const std::string& wanted) {
  for (int n = 0; n < 1000; ++n) {
    if (Next(world) == wanted) return true;
  }
  return false;
}

}  // namespace

TEST_CASE_FIXTURE(Sys, "Sysfs: 1-Wire, with its checksum's verdict, and frost") {
  Write(kProbe, Slave("YES", "23125"));
  CHECK(Read(Kind::kW1, "28-00a").celsius == 23.125);
  Write(kProbe, Slave("YES", "-18062"));
  CHECK(Read(Kind::kW1, "28-00a").celsius == -18.062);
  Write(kProbe, Slave("NO", "23125"));
  CHECK(Read(Kind::kW1, "28-00a").refused == reason::kChecksum);
  for (const char* const text : {"", "\n", "YES", "YES\nt=", "YES\nt=x", "t=23125"}) {
    CAPTURE(text);
    Write(kProbe, text);
    CHECK(Read(Kind::kW1, "28-00a").refused == reason::kMalformed);
  }
  Write("bus/w1/devices/28-00b/temperature", "-250\n");
  CHECK(Read(Kind::kW1, "28-00b").celsius == -0.25);
}

TEST_CASE_FIXTURE(Sys, "Sysfs: what a 1-Wire sensor says without measuring is suspect") {
  for (const char* const milli : {"85000", "127937"}) {
    Write(kProbe, Slave("YES", milli));
    CHECK(Read(Kind::kW1, "28-00a").quality == Quality::kSuspect);
  }
  Write(kProbe, Slave("YES", "85062"));
  CHECK(Read(Kind::kW1, "28-00a").quality == Quality::kGood);
}

TEST_CASE_FIXTURE(Sys, "Sysfs: hwmon by name, its channel by number or label") {
  Write("class/hwmon/hwmon0/name", "other\n");
  Write("class/hwmon/hwmon7/name", "lm75\n");
  Write("class/hwmon/hwmon7/temp1_input", "41000\n");
  Write("class/hwmon/hwmon7/temp2_input", "-5500\n");
  Write("class/hwmon/hwmon7/temp2_label", "tank\n");
  CHECK(Read(Kind::kHwmon, "lm75").celsius == 41);
  CHECK(Read(Kind::kHwmon, "lm75", "temp2").celsius == -5.5);
  CHECK(Read(Kind::kHwmon, "lm75", "tank").celsius == -5.5);
  CHECK(Read(Kind::kHwmon, "lm75", "oil").why == Path("class/hwmon/hwmon7") + ": no channel oil");
  CHECK(Read(Kind::kHwmon, "lm76").why == Path("class/hwmon") + ": no device called lm76");
}

TEST_CASE_FIXTURE(Sys, "Sysfs: IIO, processed or raw, and thermal zones by type") {
  Write("bus/iio/devices/iio:device0/name", "bmp280\n");
  Write("bus/iio/devices/iio:device0/in_temp_input", "21500\n");
  Write("bus/iio/devices/iio:device1/name", "adc\n");
  Write("bus/iio/devices/iio:device1/in_temp2_raw", "1200\n");
  Write("bus/iio/devices/iio:device1/in_temp2_scale", "12.5\n");
  CHECK(Read(Kind::kIio, "bmp280").celsius == 21.5);
  CHECK(Read(Kind::kIio, "adc", "temp2").celsius == 15);
  Write("bus/iio/devices/iio:device1/in_temp2_offset", "-400\n");
  CHECK(Read(Kind::kIio, "adc", "temp2").celsius == 10);
  CHECK(Read(Kind::kIio, "adc").refused == reason::kDeviceError);
  Write("class/thermal/thermal_zone3/type", "cpu-thermal\n");
  Write("class/thermal/thermal_zone3/temp", "55500\n");
  CHECK(Read(Kind::kThermal, "cpu-thermal").celsius == 55.5);
}

TEST_CASE_FIXTURE(Sys, "Sysfs: what can't be read is told with its cause, and never waited for") {
  const auto why = [&] { return Read(Kind::kThermal, "tank").why; };
  const auto path = std::filesystem::path(Path("class/thermal/thermal_zone0"));
  const std::string file = path / "temp";
  Write("class/thermal/thermal_zone0/type", "tank\n");
  CHECK(why() == file + ": No such file or directory");
  std::filesystem::create_directory(file);
  CHECK(why() == file + ": Is a directory");
  std::filesystem::remove(file);
  std::filesystem::create_symlink("/proc/self/mem", file);  // reads at address 0
  CHECK(why() == file + ": Input/output error");
  std::filesystem::remove(file);
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  CHECK(why() == file + ": it is a pipe");
  std::filesystem::remove(file);
  Write("class/thermal/thermal_zone0/temp", "-40000\n");
  CHECK(Read(Kind::kThermal, "tank").celsius == -40);
}

TEST_CASE("SysfsDriver: a stop waits for one slow sensor, not for all") {
  SysfsDriverOptions options;
  for (int zone = 0; zone < 8; ++zone) {
    options.signals["cargo_celsius{zone=\"" + std::to_string(zone) + "\"}"];
  }
  World world;
  std::latch begun(1);
  std::latch converted(1);
  std::atomic<int> read = 0;
  SysfsDriver driver("test", options, world.environment,
                     [&](const std::string&, const SysfsSensor&) -> SysfsReading {
                       if (read++ == 0) begun.count_down();
                       converted.wait();
                       return {.celsius = 4, .quality = {}, .refused = {}, .why = {}};
                     });
  std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  begun.wait();
  thread.request_stop();
  converted.count_down();
  thread.join();
  CHECK(read == 1);
}

TEST_CASE("SysfsDriver: more 1-Wire sensors than a round has time for are told by check") {
  const auto findings = [](std::string_view every) {
    Diagnostics diagnostics;
    const YamlNode node = ParseYaml("{every: " + std::string(every) +
                                        ", signals: {cargo_celsius: {w1: 28-1}, ambient_celsius: "
                                        "{w1: 28-2}, engine_coolant_celsius: {hwmon: x}}}",
                                    "f.yaml", diagnostics);
    SysfsDriverOptions options;
    Section::Read(node, Section::Context{"f.yaml", diagnostics}, options);
    return diagnostics.empty() ? "" : ToString(diagnostics.front());
  };
  CHECK(
      findings("1s") ==
      "f.yaml:1:9: warning: 2 1-Wire sensors take 1s500ms a round, so none is read every 1s. Write "
      "`every: 2s` or more, or lower the sensors' resolution");
  CHECK(findings("1500ms").empty());
}

TEST_CASE_FIXTURE(Sys,
                  "SysfsDriver: a sensor that is pulled is stale, and read again when it is back") {
  Write(kProbe, Slave("YES", "4000"));
  SysfsDriverOptions options;
  options.root = path();
  options.every = 10ms;
  options.stale_after = 30s;
  options.signals["cargo_celsius{zone=\"1\"}"].compiled = {
      .kind = Kind::kW1, .name = "28-00a", .channel = {}};
  World world;
  SysfsDriver driver("test", options, world.environment);
  const std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  CHECK(Next(world) == "cargo_celsius{zone=\"1\"} 4 good");
  Write(kProbe, "");
  world.clock.Advance(1min);
  CHECK(Await(world, "cargo_celsius{zone=\"1\"} 4 stale"));
  CHECK(world.Rejected(reason::kMalformed, "cargo_celsius") > 0);
  Write(kProbe, Slave("YES", "-4000"));
  CHECK(Await(world, "cargo_celsius{zone=\"1\"} -4 good"));
}

}  // namespace fleet_edge::drivers
