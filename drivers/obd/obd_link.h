#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "drivers/can/iso_tp.h"

namespace fleet_edge::drivers {

/// What came to a request. A value.
struct ObdAnswer {
  struct Message {
    std::uint32_t unit =
        0;  ///< the control unit: its CAN identifier, or its address on other buses
    std::vector<std::uint8_t> bytes;
  };

  std::vector<Message> messages;          ///< none: the vehicle is silent
  std::string why;                        ///< of silence, for people: what the device says of it
  std::vector<std::string_view> refused;  ///< reasons of drivers/rejections.h
};

/// What can be seen of a vehicle without asking it. A value.
struct ObdSigns {
  std::optional<double> volts{};     ///< of the supply at the plug
  std::optional<bool> bus_speaks{};  ///< somebody has sent since the last look; nothing: unknown
  std::vector<std::string_view> refused{};  ///< reasons of drivers/rejections.h
};

/// The way to a vehicle's control units: an adapter, or a CAN bus. One thread: the driver's.
class ObdLink {
 public:
  ObdLink() = default;
  ObdLink(const ObdLink&) = delete;
  ObdLink& operator=(const ObdLink&) = delete;
  virtual ~ObdLink() = default;

  /// Asks all control units for `pids` of service 01, one to most_pids() of them, and waits for
  /// the answers: until `units` have answered, 0 meaning that their number isn't known, or it has
  /// lasted long enough. Errors: kRetry, the device is gone or has forgotten its settings; open it
  /// again.
  virtual Result<ObdAnswer> Ask(std::span<const std::uint8_t> pids, std::size_t units) = 0;

  /// Looks without sending anything to the vehicle, and without waiting for it. Errors: as Ask().
  virtual Result<ObdSigns> Look() = 0;

  /// SAE J1979: what fits into one CAN frame.
  static constexpr std::size_t kMostPids = 6;

  /// How many parameters one request may have: kMostPids, or 1 on other buses.
  virtual std::size_t most_pids() const = 0;
};

/// Puts the answers of several control units together, each from its CAN frames. One thread.
class ObdAssembly {
 public:
  /// ISO 15765-4 allows eight control units that answer; what comes from more is refused while
  /// eight are in the midst of a message.
  static constexpr std::size_t kMaxUnits = 8;

  /// A frame of `unit`. Returns whether and how it must be answered.
  IsoTpReceiver::Step::Flow Take(std::uint32_t unit, std::span<const std::uint8_t> frame,
                                 BootTime now, ObdAnswer& answer);

  /// A message has begun, and its end is not there yet. Messages that are late are given up and
  /// counted.
  bool Receiving(BootTime now, ObdAnswer& answer);

 private:
  std::map<std::uint32_t, IsoTpReceiver> units_;
};

}  // namespace fleet_edge::drivers
