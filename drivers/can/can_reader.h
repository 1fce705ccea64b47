#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/dbc_decoder.h"
#include "drivers/can/dbc_field.h"
#include "drivers/can/j1939_reader.h"
#include "drivers/can/j1939_transport.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

/// How a bus's frames are read. A value.
struct CanDecoding {
  struct Channel {
    SignalTarget target;
    DbcField field;
  };

  bool j1939 = true;         ///< by the catalogue of j1939.h
  std::vector<Channel> dbc;  ///< … and these signals of a DBC file, which go before
};

/// The frames that are read, for the kernel.
std::vector<CanFilter> FiltersOf(const CanDecoding& decoding);

/// The series that can come of it, as SeriesText().
std::vector<std::string> SeriesOf(const CanDecoding& decoding);

/// Makes readings of a bus's frames.
///
/// One thread. The registry outlives the readings.
class CanReader {
 public:
  CanReader(const CanDecoding& decoding, SeriesRegistry& registry, std::uint16_t driver);
  CanReader(const CanReader&) = delete;
  CanReader& operator=(const CanReader&) = delete;
  ~CanReader() = default;

  /// Appends the frame's readings to `out` and what it refuses to `refused`, whose texts live as
  /// long as this.
  void Read(const CanFrame& frame, CanTime time, std::vector<Reading>& out,
            std::vector<CanRefusal>& refused);

  /// Appends a stale reading of each series that has been silent for longer than `limit`.
  void MarkSilent(CanTime now, Duration limit, std::vector<Reading>& out);

 private:
  /// A message of one frame or of several; false when nobody reads it.
  bool ReadMessage(std::uint32_t id, bool extended, std::span<const std::uint8_t> data,
                   CanTime time, std::vector<Reading>& out, std::vector<CanRefusal>& refused);

  const CanDecoding decoding_;
  std::optional<J1939Reader> j1939_;
  J1939Transport transport_;
  DbcDecoder decoder_;
  DbcReport report_;
  std::vector<CanSignal> signals_;  // by place in decoding_.dbc
};

}  // namespace fleet_edge::drivers
