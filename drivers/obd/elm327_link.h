#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Asks a vehicle through an ELM327 adapter, which finds the vehicle's bus by itself.
class Elm327Link : public ObdLink {
 public:
  /// Resets the adapter at `port`, a serial port or a TCP connection whose reads and writes don't
  /// wait, and sets it up; sends nothing to the vehicle. `name` is for messages; `wait` outlives
  /// the link. Errors: kRetry, with the mend.
  static Result<std::unique_ptr<ObdLink>> Open(FileDescriptor port, std::string name,
                                               const ObdWait& wait);

  Result<ObdAnswer> Ask(std::span<const std::uint8_t> pids, std::size_t units) override;
  Result<ObdSigns> Look() override;
  std::size_t most_pids() const override { return is_can_ ? kMostPids : 1; }

 private:
  Elm327Link(FileDescriptor port, std::string name, const ObdWait& wait);

  Result<void> SetUp();

  /// Sends a command and returns the lines that come until the prompt.
  /// Errors: no prompt within `limit`, more than kMaxAnswer bytes, the device is gone, the stop.
  Result<std::vector<std::string>> Tell(std::string_view command, Duration limit);

  /// Drops what came unasked, such as the end of an answer that was given up.
  Result<void> Drain();
  Result<void> Send(std::string_view text);

  /// Appends what is there to received_. Errors: the device is gone, or floods.
  Result<void> Receive();
  Error Failed(std::string_view why) const;

  const FileDescriptor port_;
  const std::string name_;
  const ObdWait& wait_;
  std::string received_;
  bool found_ = false;     // the vehicle has answered since the last silence
  bool is_can_ = false;    // … on a CAN bus
  bool has_volts_ = true;  // RV is not refused
  ObdAssembly assembly_;
};

}  // namespace fleet_edge::drivers
