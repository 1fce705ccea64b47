#pragma once

#include <linux/can.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_wait.h"

namespace fleet_edge::drivers {

/// Asks a vehicle's control units on its CAN bus (ISO 15765-4): 11-bit identifiers, and where
/// nobody answers to them 29-bit ones.
class CanLink : public ObdLink {
 public:
  /// Opens a SocketCAN interface to send on; the kernel hands on control units' answers alone.
  /// Sends nothing yet. `wait` outlives the link. Errors: kRetry, with the mend.
  static Result<std::unique_ptr<ObdLink>> Open(const std::string& interface, const ObdWait& wait);

  /// On any socket that keeps messages of struct can_frame (linux/can.h) apart and doesn't wait;
  /// `name` is for messages.
  CanLink(FileDescriptor socket, std::string name, const ObdWait& wait);

  Result<ObdAnswer> Ask(std::span<const std::uint8_t> pids, std::size_t units) override;
  Result<ObdSigns> Look() override;
  std::size_t most_pids() const override { return kMostPids; }

 private:
  /// Until `units` have answered, or have had their time.
  Result<void> Await(std::size_t units, ObdAnswer& answer);

  /// Takes the frames that are there. Errors: the interface is gone.
  Result<void> Receive(ObdAnswer& answer);
  Result<void> Take(const can_frame& frame, ObdAnswer& answer);
  Result<void> Send(std::uint32_t id, std::span<const std::uint8_t, CAN_MAX_DLEN> data);

  /// The kernel is to hand on all frames of the bus, or answers alone.
  void Listen(bool to_all);
  Error Failed(std::string_view why) const;

  const FileDescriptor socket_;
  const std::string name_;
  const ObdWait& wait_;
  std::optional<bool> extended_{};  // the vehicle answers to 29 bits; nothing: it never has
  bool to_all_ = false;
  bool asking_ = false;      // answers are ours
  bool bus_speaks_ = false;  // a frame has come since it was last asked
  ObdAssembly assembly_;
};

}  // namespace fleet_edge::drivers
