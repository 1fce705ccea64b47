#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/j1939.h"

namespace fleet_edge::drivers {

/// Of the parameter's series.
Labels LabelsOf(const J1939Parameter& parameter);

/// Makes readings of J1939 parameter groups, by the catalogue of j1939.h.
///
/// One thread. The registry outlives the readings.
class J1939Reader {
 public:
  J1939Reader(SeriesRegistry& registry, std::uint16_t driver);

  /// Leaves `series` to somebody else.
  void Leave(const Series* series);

  /// Appends the group's readings to `out` and what it refuses to `refused`. False when nothing of
  /// the group is read.
  bool Read(std::uint32_t pgn, std::uint8_t source, std::span<const std::uint8_t> data,
            CanTime time, std::vector<Reading>& out, std::vector<CanRefusal>& refused);

  /// As CanSignal::MarkSilent().
  void MarkSilent(CanTime now, Duration limit, std::vector<Reading>& out);

 private:
  std::vector<std::optional<CanSignal>> signals_;  // by place in J1939Parameters()
  J1939Report report_;
};

}  // namespace fleet_edge::drivers
