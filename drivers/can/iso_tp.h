#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace fleet_edge::drivers {

/// Puts the messages of one sender together from its CAN frames: ISO 15765-2 with normal
/// addressing, single frames, and first with consecutive ones. Receives only; what must be answered
/// is told.
///
/// One thread. Holds one message at a time, of at most kMaxMessage bytes.
class IsoTpReceiver {
 public:
  /// More than any answer to service 01 (six parameters, 31 bytes) or to a question for the
  /// vehicle's number; a sender that announces more is told to stop.
  static constexpr std::size_t kMaxMessage = 256;

  /// N_Cr: the longest wait for the next consecutive frame (ISO 15765-2, table 16).
  static constexpr Duration kNextFrameWithin = std::chrono::seconds{1};

  /// What follows from a frame.
  struct Step {
    std::optional<std::span<const std::uint8_t>> message{};  ///< complete; until the next call
    enum class Flow : std::uint8_t { kNone, kContinue, kOverflow } flow = Flow::kNone;
    std::string_view refused{};  ///< a reason of drivers/rejections.h: bytes were lost; or empty
  };

  /// A frame's data at boot time `now`.
  Step Take(std::span<const std::uint8_t> frame, BootTime now);

  /// Gives up a message whose next frame is late. True once for each.
  bool Expire(BootTime now);

  /// A message is being received.
  bool receiving() const { return expected_ > 0; }

 private:
  Step Single(std::span<const std::uint8_t> frame);
  Step First(std::span<const std::uint8_t> frame, BootTime now);
  Step Consecutive(std::span<const std::uint8_t> frame, BootTime now);

  std::vector<std::uint8_t> message_;
  std::size_t expected_ = 0;  // bytes of the message that is being received; 0: none is
  std::uint8_t next_ = 0;     // sequence number, 0 to 15
  BootTime heard_{};
};

/// The data of a flow control frame (ISO 15765-2, section 9.6.5) that asks for all frames at once
/// (block size 0, no minimum separation), or refuses the message. Precondition: not kNone.
std::array<std::uint8_t, 8> IsoTpFlowControl(IsoTpReceiver::Step::Flow flow);

}  // namespace fleet_edge::drivers
