#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/j1939.h"

namespace fleet_edge::drivers {

/// Puts messages of more than eight bytes together that are announced to all (BAM), SAE J1939-21,
/// 5.10. Those to one destination (RTS/CTS) are between two others and not listened to.
///
/// One thread. At most 16 senders at once, each one message of at most 1785 bytes: beyond it the
/// one that has been silent longest gives way, and its message is refused.
class J1939Transport {
 public:
  struct Message {
    std::uint32_t pgn;
    std::uint8_t source;
    std::span<const std::uint8_t> data;  ///< valid until the next call
  };

  /// The two groups that transport others, TP.CM and TP.DT (SAE J1939-21, 5.10.3 and 5.10.4).
  static constexpr std::array<std::uint32_t, 2> kGroups{0xEC00, 0xEB00};

  static bool Carries(std::uint32_t pgn) { return pgn == kGroups[0] || pgn == kGroups[1]; }

  /// Takes a frame of either; the message when it is the last of one.
  std::optional<Message> Take(const J1939Id& id, const CanFrame& frame, BootTime time);

  /// Messages that were begun and could not be put together: a packet is missing, out of order, too
  /// late (750 ms, T1), or the announcement can't be.
  std::uint64_t broken() const { return broken_; }

 private:
  struct Session {
    std::uint8_t source;
    std::uint32_t pgn;
    std::uint32_t size;
    std::uint8_t next = 1;  // packet
    BootTime last;
    std::vector<std::uint8_t> data{};
  };

  void Announce(std::uint8_t source, const CanFrame& frame, BootTime time);
  std::optional<Message> Add(std::uint8_t source, const CanFrame& frame, BootTime time);

  std::vector<Session> sessions_;
  Session done_{};
  std::uint64_t broken_ = 0;
};

}  // namespace fleet_edge::drivers
