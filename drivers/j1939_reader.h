#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can_frame.h"
#include "drivers/j1939.h"
#include "drivers/j1939_transport.h"

namespace fleet_edge::drivers {

/// Makes readings of a J1939 bus's frames.
///
/// Several control units send the same parameter group, of which all but one may have nothing to
/// say. The first that gives a value is believed; another's turn comes when it has been silent for
/// five seconds.
///
/// One thread. The registry outlives the readings.
class J1939Reader {
 public:
  J1939Reader(SeriesRegistry& registry, std::uint16_t driver);

  /// What is wrong with one frame or one of its parameters.
  struct Refusal {
    std::string_view reason;  ///< of drivers/rejections.h
    std::string_view signal;  ///< empty: the whole frame
  };

  /// Appends the frame's readings to `out` and what it refuses to `refused`.
  void Read(const CanFrame& frame, UtcTime time, std::vector<Reading>& out,
            std::vector<Refusal>& refused);

  /// Appends a stale reading, with the last value, of each signal that has been silent for longer
  /// than `limit`: once a silence.
  void MarkSilent(UtcTime now, Duration limit, std::vector<Reading>& out);

 private:
  static constexpr std::size_t kSlots = 16;

  struct Slot {
    const Series* series = nullptr;  // null where the registry was full
    std::uint8_t source = 0;         // whom we believe
    std::optional<UtcTime> heard;    // … when it was last heard; nothing: no one yet
    double last = 0;                 // … and what it said
    bool silent = false;             // told to be stale
  };

  void ReadGroup(std::uint32_t pgn, std::uint8_t source, std::span<const std::uint8_t> data,
                 UtcTime time, std::vector<Reading>& out, std::vector<Refusal>& refused);
  static bool Believes(Slot& slot, std::uint8_t source, UtcTime time);

  std::array<Slot, kSlots> slots_;  // by place in J1939Parameters()
  J1939Transport transport_;
  J1939Report report_;
  const std::uint16_t driver_;
};

}  // namespace fleet_edge::drivers
