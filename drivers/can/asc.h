#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/can/can_frame.h"

namespace fleet_edge::drivers {

/// What a line of an ASC log says. A value.
struct AscLine {
  std::optional<CanFrame> frame{};  ///< nothing: the head, a comment or a mark
  UtcTime time{};                   ///< of the frame
  std::string_view refused{};  ///< empty, or why the line is not read: a reason of rejections.h
};

/// Reads Vector's ASC logs as CANalyzer and can-utils' log2asc write them:
///
///     date Tue Nov 14 22:13:20 2023
///     base hex  timestamps absolute
///        0.010442 1  CF00400x        Rx   d 8 F0 7D 7D 68 13 FF 0F 7D
///
/// The date has no zone and is taken as UTC, unless the beginning is given. All channels are read
/// as one. CAN FD, statistics and other events are of a type that isn't read.
///
/// One thread: a line means what it means by those before it.
class AscDecoder {
 public:
  /// `start`: when the log begins, in place of its date.
  explicit AscDecoder(std::optional<UtcTime> start) : fixed_(start), start_(start) {}

  AscLine Decode(std::string_view line);

 private:
  /// False when it is none of the lines without a time.
  bool ReadHead(std::string_view line);

  const std::optional<UtcTime> fixed_;
  std::optional<UtcTime> start_;
  Duration since_start_{};
  bool relative_ = false;  // each time counts from the line before
  int base_ = 16;          // of identifiers and data
};

/// True when the line begins an ASC log: its date, its base or a comment of its kind.
bool LooksLikeAsc(std::string_view line);

}  // namespace fleet_edge::drivers
