#include "drivers/modbus/modbus_driver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/modbus/modbus_bus.h"
#include "drivers/modbus/modbus_options.h"
#include "drivers/modbus/modbus_plan.h"
#include "drivers/rejections.h"
#include "tests/drivers/captured_log.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;
using Kind = ModbusAnswer::Kind;

/// Units on a line, as the test wants them; holding registers only.
class FakeLine {
 public:
  void Set(std::uint16_t address, std::uint16_t value) {
    const std::lock_guard lock(mutex_);
    registers_[address] = value;
  }
  void Silence(std::uint8_t unit, bool silent) {
    const std::lock_guard lock(mutex_);
    if (silent) {
      silent_.insert(unit);
    } else {
      silent_.erase(unit);
    }
  }
  void Break(bool broken) {
    const std::lock_guard lock(mutex_);
    broken_ = broken;
  }
  /// Every second answer is garbled.
  void Shake() {
    const std::lock_guard lock(mutex_);
    shaky_ = true;
  }
  int asked(std::uint8_t unit) {
    const std::lock_guard lock(mutex_);
    return asked_[unit];
  }

  /// Registers that nobody has set are refused: illegal data address.
  ModbusAnswer Read(const ModbusRange& range, std::vector<std::uint16_t>& registers) {
    const std::lock_guard lock(mutex_);
    ++asked_[range.unit];
    if (broken_) return {.kind = Kind::kLost, .exception = 0, .why = "Input/output error"};
    if (silent_.contains(range.unit)) {
      return {.kind = Kind::kSilent, .exception = 0, .why = "no answer"};
    }
    if (shaky_ && asked_[range.unit] % 2 == 1) {
      return {.kind = Kind::kGarbled, .exception = 0, .why = "Invalid CRC"};
    }
    registers.assign(range.count, 0);
    for (unsigned address = range.first; address < range.end(); ++address) {
      const auto found = registers_.find(static_cast<std::uint16_t>(address));
      if (found == registers_.end()) {
        return {.kind = Kind::kException, .exception = 2, .why = "Illegal data address"};
      }
      registers[address - range.first] = found->second;
    }
    return {.kind = Kind::kRead, .exception = 0, .why = {}};
  }

 private:
  std::mutex mutex_;
  std::map<std::uint16_t, std::uint16_t> registers_;
  std::set<std::uint8_t> silent_;
  std::map<std::uint8_t, int> asked_;
  bool broken_ = false;
  bool shaky_ = false;
};

class FakeBus : public ModbusBus {
 public:
  explicit FakeBus(FakeLine& line) : line_(line) {}
  ModbusAnswer Read(const ModbusRange& range, std::vector<std::uint16_t>& registers) override {
    return line_.Read(range, registers);
  }

 private:
  FakeLine& line_;
};

ModbusDriverOptions Options(std::string_view signals) {
  Diagnostics diagnostics;
  const YamlNode node =
      ParseYaml("{device: fake, signals: {" + std::string(signals) + "}}", "f.yaml", diagnostics);
  ModbusDriverOptions options;
  Section::Read(node, Section::Context{"f.yaml", diagnostics}, options);
  REQUIRE(diagnostics.empty());
  return options;
}

/// A driver on its thread, its line, and the clock that the test cranks.
struct Bench : World {
  void Start(std::string_view signals) {
    driver = std::make_unique<ModbusDriver>(
        "test", Options(signals),
        [this](const StopEvent&) -> Result<std::unique_ptr<ModbusBus>> {
          return std::unique_ptr<ModbusBus>(std::make_unique<FakeBus>(line));
        },
        environment);
    thread = std::jthread([this](const std::stop_token& stop) { driver->Run(stop); });
  }

  /// Cranks the clock by `step` until a reading is `wanted`, for a minute at most.
  bool Await(const std::string& wanted, Duration step = 1s) {
    const SystemClock real;
    const BootTime deadline = real.Boot() + 1min;
    while (real.Boot() < deadline) {
      std::vector<Reading> taken;
      readings.PopAll(taken, real.Boot() + 110ms, real, {});
      if (std::ranges::any_of(taken, [&](const auto& one) { return Show(one) == wanted; })) {
        return true;
      }
      clock.Advance(step);
    }
    return false;
  }

  FakeLine line;
  std::unique_ptr<ModbusDriver> driver;
  std::jthread thread;
};

TEST_CASE_FIXTURE(Bench, "ModbusDriver: registers become readings in the catalogue's units") {
  line.Set(100, 0xFF4C);  // −180
  line.Set(101, 0x8000);
  line.Set(102, 253);
  Start(
      "'cargo_celsius{zone=\"1\"}': {register: 100, scale: 0.1, unit: C}, fuel_percent: {register: "
      "101, not_available: 0x8000}, ambient_celsius: {register: 102, offset: -10, unit: F}");
  CHECK(Await("cargo_celsius{zone=\"1\"} -18 good"));
  CHECK(line.asked(1) == 1);  // neighbours: one request
  CHECK(Await("ambient_celsius 117.222222 good"));
  CHECK(Rejected(reason::kDeviceError, "fuel_percent") > 0);
  line.Set(101, 45);
  CHECK(Await("fuel_percent 45 good"));
}

TEST_CASE_FIXTURE(Bench,
                  "ModbusDriver: a register that the unit refuses takes none of its neighbours") {
  line.Set(100, 1);
  line.Set(102, 2);
  Start(
      "fuel_percent: {register: 100}, battery_volts: {register: 101}, engine_rpm: {register: 102}");
  CHECK(Await("fuel_percent 1 good"));
  CHECK(Await("engine_rpm 2 good"));
  const auto refused = Rejected(reason::kDeviceError, "battery_volts");
  CHECK(refused > 0);
  CHECK(Await("engine_rpm 2 good"));
  CHECK(Rejected(reason::kDeviceError, "battery_volts") <= refused + 1);  // once a minute
  line.Set(101, 24);
  CHECK(Await("battery_volts 24 good", 10s));
}

TEST_CASE_FIXTURE(Bench, "ModbusDriver: a silent unit is left alone, the others are read") {
  line.Set(1, 7);
  line.Silence(2, true);
  Start("fuel_percent: {register: 1}, engine_rpm: {register: 1, unit_id: 2}");
  for (int n = 0; n < 10; ++n) CHECK(Await("fuel_percent 7 good"));
  CHECK(Rejected(reason::kNoAnswer, "engine_rpm") > 0);
  CHECK(line.asked(2) < line.asked(1));
  line.Silence(2, false);
  CHECK(Await("engine_rpm 7 good"));
  line.Silence(2, true);
  CHECK(Await("engine_rpm 7 stale"));
}

TEST_CASE_FIXTURE(Bench, "ModbusDriver: a line that breaks is opened again") {
  line.Set(1, 7);
  Start("fuel_percent: {register: 1}");
  CHECK(Await("fuel_percent 7 good"));
  line.Break(true);
  CHECK(Await("fuel_percent 7 stale"));
  line.Set(1, 8);
  line.Break(false);
  CHECK(Await("fuel_percent 8 good"));
}

TEST_CASE_FIXTURE(Bench, "ModbusDriver: a shaky line fills no log") {
  const CapturedLog log;
  line.Set(1, 7);
  line.Shake();
  const BootTime began = clock.Boot();
  Start("fuel_percent: {register: 1}");
  for (int n = 0; n < 10; ++n) CHECK(Await("fuel_percent 7 good"));
  thread = {};
  CHECK(Rejected(reason::kMalformed, "fuel_percent") >= 10);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(clock.Boot() - began).count();
  CHECK(log.Count("Invalid CRC") >= 1);
  CHECK(log.Count("Invalid CRC") <= minutes);
  CHECK(log.Count("can be read again") <= minutes);
}

}  // namespace
}  // namespace fleet_edge::drivers
