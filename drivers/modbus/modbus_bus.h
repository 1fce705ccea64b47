#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "drivers/modbus/modbus_plan.h"

namespace fleet_edge::drivers {

/// Where the units are that answer: a serial line (RTU), or a device or gateway (TCP). A value.
struct ModbusLine {
  std::string device;           ///< RTU: the serial port; empty: TCP
  std::uint32_t baud = 19'200;  ///< MODBUS over serial line V1.02, section 2.5.1: the default
  char parity = 'E';            ///< E, O or N
  int stop_bits = 1;
  std::string address;                                ///< TCP: `192.168.0.20:502`
  Duration timeout = std::chrono::milliseconds{300};  ///< until an answer begins; 500 ms at most

  /// Registers of one request at most: on a slow line what is read in a quarter of a second.
  std::uint16_t max_registers() const;
};

/// What came of a request.
struct ModbusAnswer {
  enum class Kind : std::uint8_t {
    kRead,       ///< the registers are there
    kException,  ///< the unit refuses: V1.1b3, section 7
    kSilent,     ///< no answer in time
    kGarbled,    ///< a wrong checksum, another unit's answer, none of the protocol
    kLost,       ///< the port or connection has gone
  };
  Kind kind = Kind::kRead;
  int exception = 0;  ///< its code
  std::string why;    ///< for people, unless kRead
};

/// A Modbus master that reads. One thread.
class ModbusBus {
 public:
  ModbusBus() = default;
  ModbusBus(const ModbusBus&) = delete;
  ModbusBus& operator=(const ModbusBus&) = delete;
  virtual ~ModbusBus() = default;

  /// Asks and waits for the answer: 800 ms at most, whatever the other side does.
  virtual ModbusAnswer Read(const ModbusRange& range, std::vector<std::uint16_t>& registers) = 0;
};

/// Opens the port, or connects; waits a second at most, or until the stop.
/// Errors: kRetry, with the mend.
Result<std::unique_ptr<ModbusBus>> OpenModbus(const ModbusLine& line, const StopEvent& stopped);

}  // namespace fleet_edge::drivers
