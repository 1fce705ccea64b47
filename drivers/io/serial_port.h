#pragma once

#include <cstdint>
#include <string>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace fleet_edge::drivers {

/// Opens a serial port, or a pseudo-terminal, for raw bytes: 8 data bits, no parity, one stop bit,
/// no flow control, at `baud`. Reads and writes on it don't wait.
/// Errors: kRetry, with the mend.
Result<FileDescriptor> OpenSerialPort(const std::string& device, std::uint32_t baud);

/// True for the rates of OpenSerialPort(): 1200 to 921600, those that termios names.
bool IsBaudRate(std::uint32_t baud);

}  // namespace fleet_edge::drivers
