#include "drivers/modbus/modbus_options.h"

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "drivers/io/serial_port.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/modbus/modbus_bus.h"
#include "drivers/modbus/modbus_plan.h"
#include "drivers/modbus/modbus_value.h"
#include "drivers/number.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::array<std::string_view, 2> kTables{"holding", "input"};
constexpr std::array<std::string_view, 2> kOrders{"big", "little"};
constexpr std::array<std::string_view, 3> kParities{"even", "odd", "none"};

using Signal = ModbusDriverOptions::Signal;
using std::chrono::milliseconds;

constexpr std::uint8_t kLastUnit = 247;  // MODBUS over serial line V1.02, section 2.2
constexpr Duration kLongestTimeout = milliseconds{500};

void CheckWord(Section& section, std::string_view key, const std::string& given,
               std::string_view one, std::string_view other) {
  if (given.empty() || given == one || given == other) return;
  section.Fail(key, "'" + given + "' is not known here",
               "Write " + std::string(one) + " or " + std::string(other));
}

void CheckUnit(Section& section, std::string_view key, unsigned unit, bool serial) {
  if (unit <= kLastUnit && (unit > 0 || !serial)) return;
  if (unit == 255 && !serial) return;  // a device that is no gateway: Messaging on TCP/IP V1.0b
  section.Fail(key, "no unit answers under " + std::to_string(unit), "Write 1 to 247");
}

/// The bits of a real number such as `-9999`, the nearest that the type holds.
std::optional<std::uint64_t> ReadRealBits(std::string_view text, ModbusForm::Type type) {
  const auto number = ParseNumber(text);
  if (!number) return std::nullopt;
  if (type == ModbusForm::Type::kFloat64) return std::bit_cast<std::uint64_t>(*number);
  if (std::abs(*number) > std::numeric_limits<float>::max()) return std::nullopt;
  return std::bit_cast<std::uint32_t>(static_cast<float>(*number));
}

/// The bits of `0x8000`, or of a number of the form's type, as the registers hold them. Integers
/// may be written with a sign or without, whichever the type has.
std::optional<std::uint64_t> ReadBits(std::string_view text, const ModbusForm& form) {
  const std::size_t unused = 64 - 16 * form.registers();
  const std::uint64_t mask = ~std::uint64_t{0} >> unused;
  const bool hexadecimal = text.starts_with("0x");
  if (form.real() && !hexadecimal) return ReadRealBits(text, form.type);
  if (text.starts_with('-')) {
    const auto number = ParseInteger<std::int64_t>(text);
    if (!number || *number < std::numeric_limits<std::int64_t>::min() >> unused) {
      return std::nullopt;
    }
    return static_cast<std::uint64_t>(*number) & mask;
  }
  const auto bits =
      ParseInteger<std::uint64_t>(text.substr(hexadecimal ? 2 : 0), hexadecimal ? 16 : 10);
  if (!bits || *bits > mask) return std::nullopt;
  return bits;
}

/// Manuals write 30001 and 40001 for register 0 of the two tables.
void WarnOfManuals(Section& section, const Signal& signal) {
  const unsigned base = signal.reg / 10'000 * 10'000;
  if ((base != 30'000 && base != 40'000) || signal.reg == base) return;
  section.context().diagnostics.push_back(
      {.file = section.context().file,
       .position = section.PositionOf("register"),
       .severity = Diagnostic::Severity::kWarning,
       .what = "register " + std::to_string(signal.reg) + " looks like a manual's number",
       .mend = "There " + std::to_string(signal.reg) +
               " often means `register: " + std::to_string(signal.reg - base - 1) +
               ", table: " + (base == 30'000 ? "input" : "holding") + "`, counted from 0"});
}

void CheckLine(Section& section, const ModbusDriverOptions& options) {
  if (options.device.empty() == options.address.empty()) {
    section.Fail("device", "units are on one line",
                 "Write `device: /dev/tty…` (RTU) or `address: 192.168.0.20:502` (TCP)");
  }
  if (!options.address.empty() && !ParseTcpAddress(options.address, 502)) {
    section.Fail("address", "'" + options.address + "' is no address",
                 "Write for example 192.168.0.20:502; names are not looked up");
  }
  if (!IsBaudRate(options.baud)) {
    section.Fail("baud", "serial ports don't have this rate",
                 "Write for example 9600, 19200 or 115200");
  }
  if (options.parity != "none" && options.parity != "even" && options.parity != "odd") {
    section.Fail("parity", "'" + options.parity + "' is not known here", "Write even, odd or none");
  }
  if (options.stop_bits != 1 && options.stop_bits != 2) {
    section.Fail("stop_bits", "a character ends with 1 or 2 stop bits", "Write 1, or 2");
  }
}

void CheckTimes(Section& section, const ModbusDriverOptions& options) {
  if (options.every < milliseconds{10}) {
    section.Fail("every", "too often for a bus", "Write 10ms or more");
  }
  if (options.timeout < milliseconds{10} || options.timeout > kLongestTimeout) {
    section.Fail("timeout", "a stop waits for it, an answer too", "Write 10ms to 500ms");
  }
  if (options.stale_after < 2 * options.every) {
    section.Fail("stale_after", "signals are read every " + ToString(options.every),
                 "Write twice that or more");
  }
}

/// What is left to the driver, and what only both together tell.
void Finish(Section& section, const ModbusDriverOptions& options, Signal& signal,
            const std::string& series) {
  const auto little = [](const std::string& own, const std::string& common) {
    return (own.empty() ? common : own) == "little";
  };
  signal.form.little_words = little(signal.word_order, options.word_order);
  signal.form.little_bytes = little(signal.byte_order, options.byte_order);
  ReadSignalTarget(series, signal.unit, section.PositionOf("signals"), section.context());
  if (signal.unit_id) CheckUnit(section, "signals", *signal.unit_id, options.address.empty());
  if (signal.every && options.stale_after < 2 * *signal.every) {
    section.Fail("stale_after", series + " is read every " + ToString(*signal.every),
                 "Write twice that or more");
  }
}

}  // namespace

void Describe(Section& section, Signal& signal) {
  section.Require("register", signal.reg, "The first register, as on the wire: from 0.");
  section.Key("table", signal.table, "holding, or input.").OneOf(kTables);
  section.Key("type", signal.type,
              "uint16, int16, uint32, int32, uint64, int64, float32 or float64.");
  section.Key("word_order", signal.word_order, "Default: the driver's.").OneOf(kOrders);
  section.Key("byte_order", signal.byte_order, "Default: the driver's.").OneOf(kOrders);
  section.Key("scale", signal.scale, "The value is what the registers say times this, …");
  section.Key("offset", signal.offset, "… plus this.");
  section.Key("unit", signal.unit,
              "The value's unit, converted to the signal's. Default: the signal's own.");
  section.Key("not_available", signal.not_available,
              "What the registers hold while there is no value: bits, like 0x8000, or a number.");
  section.Key("unit_id", signal.unit_id, "Default: the driver's.");
  section.Key("every", signal.every, "Default: the driver's.");
  if (!section.reading()) return;
  CheckWord(section, "table", signal.table, "holding", "input");
  CheckWord(section, "word_order", signal.word_order, "big", "little");
  CheckWord(section, "byte_order", signal.byte_order, "big", "little");
  if (const auto type = ParseModbusType(signal.type)) {
    signal.form.type = *type;
  } else {
    section.Fail("type", "unknown type '" + signal.type + "'",
                 "Allowed here: " + std::string(kModbusTypes));
  }
  const std::size_t registers = signal.form.registers();
  if (signal.reg + registers > 65'536) {
    section.Fail("register", "the value ends behind the last register, 65535",
                 "Write a smaller number");
  }
  if (!signal.not_available.empty()) {
    signal.no_value = ReadBits(signal.not_available, signal.form);
    if (!signal.no_value) {
      section.Fail("not_available",
                   "'" + signal.not_available + "' is nothing that " + signal.type + " can hold",
                   "Write the registers' bits, like 0x8000, or a number of that type");
    }
  }
  if (signal.every && *signal.every < milliseconds{10}) {
    section.Fail("every", "too often for a bus", "Write 10ms or more");
  }
  WarnOfManuals(section, signal);
}

void Describe(Section& section, ModbusDriverOptions& options) {
  section.Key("device", options.device, "RTU: the serial port.");
  section.Key("baud", options.baud, "RTU: bits a second.");
  section.Key("parity", options.parity, "RTU: even, odd or none.").OneOf(kParities);
  section.Key("stop_bits", options.stop_bits, "RTU: 1, or 2 as goes with no parity.");
  section.Key("address", options.address, "TCP: 192.168.0.20:502.");
  section.Key("unit_id", options.unit_id,
              "The unit that is asked; behind a gateway, or on a line.");
  section.Key("every", options.every, "How often each signal is read.");
  section.Key("timeout", options.timeout, "How long an answer may take to begin: 500ms at most.");
  section.Key("stale_after", options.stale_after, "Silence after which a signal is stale.");
  section
      .Key("word_order", options.word_order,
           "Of values of several registers: big (the highest bits first) or little.")
      .OneOf(kOrders);
  section
      .Key("byte_order", options.byte_order,
           "In a register: big, as the standard has it, or little.")
      .OneOf(kOrders);
  section.Require("signals", options.signals, "Series → {register, table, type, scale, …}.");
  if (!section.reading()) return;
  CheckLine(section, options);
  CheckTimes(section, options);
  CheckUnit(section, "unit_id", options.unit_id, options.address.empty());
  CheckWord(section, "word_order", options.word_order, "big", "little");
  CheckWord(section, "byte_order", options.byte_order, "big", "little");
  for (auto& [series, signal] : options.signals) Finish(section, options, signal, series);
}

ModbusLine LineOf(const ModbusDriverOptions& options) {
  return {.device = options.device,
          .baud = options.baud,
          .parity = options.parity == "even"  ? 'E'
                    : options.parity == "odd" ? 'O'
                                              : 'N',
          .stop_bits = options.stop_bits,
          .address = options.address,
          .timeout = options.timeout};
}

ModbusPoint PointOf(const ModbusDriverOptions& options, const Signal& signal) {
  return {.range = {.unit = signal.unit_id.value_or(options.unit_id),
                    .table = signal.table == "input" ? ModbusTable::kInput : ModbusTable::kHolding,
                    .first = signal.reg,
                    .count = static_cast<std::uint16_t>(signal.form.registers())},
          .every = signal.every.value_or(options.every)};
}

}  // namespace fleet_edge::drivers
