#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "drivers/can/can_frame.h"

namespace fleet_edge::drivers {

/// What of a bus is lost. A value.
struct CanLosses {
  std::uint64_t malformed = 0;  ///< what is no frame
  std::uint64_t overrun = 0;    ///< came faster than it was read: the kernel's queue was full
};

/// Where frames of a CAN bus come from. Listens, never sends to the bus. One thread.
class CanSource {
 public:
  /// Read() gives fewer when no more are there: what a bus of 500 kbit/s brings in some 32 ms.
  static constexpr std::size_t kAtOnce = 128;

  CanSource() = default;
  CanSource(const CanSource&) = delete;
  CanSource& operator=(const CanSource&) = delete;
  virtual ~CanSource() = default;

  /// To wait on; readable when Read() has something.
  virtual int fd() const = 0;

  /// Appends the frames that are there, and doesn't wait for more; `losses` grow.
  /// Errors: kRetry, the device is gone: open it again later.
  virtual Result<void> Read(std::vector<CanFrame>& out, CanLosses& losses) = 0;
};

/// Opens a SocketCAN interface; the kernel hands on what one of `filters` wants, and errors. With
/// more than 512 filters, which is the kernel's bound, it hands on everything.
/// Errors: kRetry, with the mend.
Result<std::unique_ptr<CanSource>> OpenSocketCan(const std::string& interface,
                                                 std::span<const CanFilter> filters);

/// Frames as SocketCAN's raw sockets have them (struct can_frame, linux/can.h), from any socket
/// that keeps messages apart; `name` for messages.
std::unique_ptr<CanSource> MakeSocketCan(FileDescriptor socket, std::string name);

/// Opens a serial port to which an adapter with Lawicel's protocol (SLCAN, the LAWICEL CAN232
/// manual) is connected, and has it listen at `bitrate` (bits a second: 10000, 20000, 50000,
/// 100000, 125000, 250000, 500000, 800000 or 1000000). Errors: kRetry, with the mend.
Result<std::unique_ptr<CanSource>> OpenSlcan(const std::string& device, std::uint32_t bitrate);

/// True for the rates of OpenSlcan().
bool IsSlcanBitrate(std::uint32_t bitrate);

}  // namespace fleet_edge::drivers
