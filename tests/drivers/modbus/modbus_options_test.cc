#include "drivers/modbus/modbus_options.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/modbus/modbus_bus.h"
#include "drivers/modbus/modbus_plan.h"

namespace fleet_edge::drivers {
namespace {

/// What is wrong with a driver's options, a line each.
std::string Findings(std::string_view yaml, ModbusDriverOptions& options) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(yaml, "f.yaml", diagnostics);
  Section::Read(node, Section::Context{"f.yaml", diagnostics}, options);
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics) {
    all += (all.empty() ? "" : "\n") + diagnostic.what + ". " + diagnostic.mend;
  }
  return all;
}

std::string Findings(std::string_view yaml) {
  ModbusDriverOptions options;
  return Findings(yaml, options);
}

std::string WithSignal(std::string_view signal) {
  return Findings("{device: /dev/ttyS1, signals: {fuel_percent: {" + std::string(signal) + "}}}");
}

TEST_CASE("ModbusOptions: a signal takes from the driver what it doesn't say itself") {
  ModbusDriverOptions options;
  CHECK(Findings("{address: '192.168.0.20', unit_id: 3, word_order: little, every: 2s, signals: "
                 "{fuel_percent: {register: 7, table: input, type: float32, not_available: "
                 "0x7fc00000}, battery_volts: {register: 1, unit_id: 4, word_order: big, every: "
                 "5s, unit: mV, not_available: -1}}}",
                 options)
            .empty());
  const auto& fuel = options.signals["fuel_percent"];
  const ModbusPoint point = PointOf(options, fuel);
  CHECK(point.range.unit == 3);
  CHECK(point.range.table == ModbusTable::kInput);
  CHECK(point.range.first == 7);
  CHECK(point.range.count == 2);
  CHECK(point.every == std::chrono::seconds{2});
  CHECK(fuel.form.little_words);
  CHECK(fuel.no_value == 0x7fc00000U);
  const auto& battery = options.signals["battery_volts"];
  CHECK(PointOf(options, battery).range.unit == 4);
  CHECK(PointOf(options, battery).every == std::chrono::seconds{5});
  CHECK_FALSE(battery.form.little_words);
  CHECK(battery.no_value == 0xFFFFU);
}

TEST_CASE("ModbusOptions: a slow line carries less in one request, a fast one and TCP all") {
  ModbusLine line;
  CHECK(line.max_registers() == 125);
  line.device = "/dev/ttyS1";
  CHECK(line.max_registers() == 125);
  line.baud = 9'600;
  CHECK(line.max_registers() == 106);
  line.baud = 1'200;
  CHECK(line.max_registers() == 11);
}

TEST_CASE("ModbusOptions: what is wrong with the line is told with the mend") {
  const std::string signals = ", signals: {fuel_percent: {register: 1}}}";
  CHECK(Findings("{device: /dev/ttyS1, address: '10.0.0.1'" + signals).starts_with("units are on"));
  CHECK(Findings("{unit_id: 1" + signals).starts_with("units are on one line"));
  CHECK(Findings("{address: 'tank.local'" + signals).starts_with("'tank.local' is no address"));
  CHECK(Findings("{device: d, baud: 10000" + signals).starts_with("serial ports don't have"));
  CHECK(Findings("{device: d, parity: mark" + signals) ==
        "'mark' is not known here. Write even, odd or none");
  CHECK(Findings("{device: d, unit_id: 0" + signals) == "no unit answers under 0. Write 1 to 247");
  CHECK(Findings("{address: '10.0.0.1', unit_id: 0" + signals).empty());
  CHECK(Findings("{address: '10.0.0.1', unit_id: 255" + signals).empty());
  CHECK(Findings("{device: d, timeout: 1s" + signals).ends_with("Write 10ms to 500ms"));
  CHECK(Findings("{device: d, every: 2s, stale_after: 4s" + signals).empty());
  CHECK(Findings("{device: d, every: 2s, stale_after: 3s" + signals) ==
        "signals are read every 2s. Write twice that or more");
}

TEST_CASE("ModbusOptions: what is wrong with a signal is told with the mend") {
  CHECK(WithSignal("register: 1").empty());
  CHECK(WithSignal("table: input") == "key 'register' is missing. Add `register: …`");
  CHECK(WithSignal("register: 65536").find("out of range") != std::string::npos);
  CHECK(WithSignal("register: 65535, type: float32").starts_with("the value ends behind"));
  CHECK(WithSignal("register: 1, type: int8").starts_with("unknown type 'int8'"));
  CHECK(WithSignal("register: 1, table: coil").starts_with("'coil' is not known here"));
  CHECK(WithSignal("register: 1, unit: kPa").find("does not convert") != std::string::npos);
  CHECK(WithSignal("register: 1, unit_id: 248").starts_with("no unit answers under 248"));
  CHECK(WithSignal("register: 1, every: 6s").starts_with("fuel_percent is read every 6s. "));
  for (const std::string_view bits : {"0x10000", "x", "65536", "-32769", "-70000", "1.5"}) {
    CHECK(WithSignal("register: 1, not_available: " + std::string(bits))
              .starts_with("'" + std::string(bits) + "' is nothing that int16 can hold"));
  }
}

TEST_CASE("ModbusOptions: a number that stands for no value is one of the signal's type") {
  const auto bits = [](const std::string& type, const std::string& text) {
    ModbusDriverOptions options;
    const std::string found =
        Findings("{device: d, signals: {fuel_percent: {register: 1, type: " + type +
                     ", not_available: '" + text + "'}}}",
                 options);
    CHECK(found == "");
    return options.signals["fuel_percent"].no_value.value_or(0);
  };
  CHECK(bits("int16", "-32768") == 0x8000U);
  CHECK(bits("uint16", "-1") == 0xFFFFU);
  CHECK(bits("int32", "-9999") == 0xFFFF'D8F1U);
  CHECK(bits("int64", "-9223372036854775808") == 0x8000'0000'0000'0000U);
  CHECK(bits("float32", "-9999") == 0xC61C'3C00U);
  CHECK(bits("float32", "0xFFFFD8F1") == 0xFFFF'D8F1U);
  CHECK(bits("float64", "-9999.5") == 0xC0C3'87C0'0000'0000U);
  CHECK(WithSignal("register: 1, type: float32, not_available: 1e39")
            .starts_with("'1e39' is nothing that float32 can hold"));
}

TEST_CASE("ModbusOptions: a manual's number is doubted") {
  CHECK(WithSignal("register: 40108") ==
        "register 40108 looks like a manual's number. There 40108 often means `register: 107, "
        "table: holding`, counted from 0");
  CHECK(WithSignal("register: 30001").find("table: input") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::drivers
