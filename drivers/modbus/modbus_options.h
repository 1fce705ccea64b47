#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/section.h"
#include "core/time.h"
#include "drivers/modbus/modbus_bus.h"
#include "drivers/modbus/modbus_plan.h"
#include "drivers/modbus/modbus_value.h"

namespace fleet_edge::drivers {

/// Keys of the kind `modbus`. A value.
struct ModbusDriverOptions {
  struct Signal {
    std::uint16_t reg = 0;  ///< `register`: as on the wire, from 0
    std::string table = "holding";
    std::string type = "int16";
    std::string word_order;  ///< empty: the driver's
    std::string byte_order;  ///< empty: the driver's
    double scale = 1;
    double offset = 0;
    std::string unit;
    std::string not_available;  ///< bits or a number; empty: every value counts
    std::optional<std::uint8_t> unit_id;
    std::optional<Duration> every;

    ModbusForm form{};                        ///< what type and orders mean
    std::optional<std::uint64_t> no_value{};  ///< what not_available means
  };

  std::string device;
  std::uint32_t baud = 19'200;
  std::string parity = "even";
  int stop_bits = 1;
  std::string address;
  std::uint8_t unit_id = 1;
  Duration every = std::chrono::seconds{1};
  Duration timeout = std::chrono::milliseconds{300};
  Duration stale_after = std::chrono::seconds{10};
  std::string word_order = "big";
  std::string byte_order = "big";
  std::map<std::string, Signal> signals;  ///< by series
};

void Describe(Section& section, ModbusDriverOptions::Signal& signal);

/// Checks everything, and gives the signals what they leave to the driver.
void Describe(Section& section, ModbusDriverOptions& options);

/// Where the units are.
ModbusLine LineOf(const ModbusDriverOptions& options);

/// What one signal is read from.
ModbusPoint PointOf(const ModbusDriverOptions& options, const ModbusDriverOptions::Signal& signal);

}  // namespace fleet_edge::drivers
