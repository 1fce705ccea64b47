#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_time.h"

namespace fleet_edge::drivers {

/// What is wrong with one frame or one of its signals. A value.
struct CanRefusal {
  std::string_view reason;  ///< of drivers/rejections.h
  std::string_view signal;  ///< empty: the whole frame
};

/// A series that a bus feeds, and which of several senders is believed.
///
/// Several control units send the same parameter group, of which all but one may have nothing to
/// say. The first that gives a value is believed; another's turn comes when it has been silent for
/// five seconds.
///
/// One thread.
class CanSignal {
 public:
  /// `series` is null where the registry was full. `name`, the signal's, outlives this.
  CanSignal(const Series* series, std::string_view name, std::uint16_t driver)
      : series_(series), name_(name), driver_(driver) {}

  const Series* series() const { return series_; }

  /// Appends a value of the sender `source` as a reading, or why it is none.
  void Take(double value, std::uint8_t source, CanTime time, std::vector<Reading>& out,
            std::vector<CanRefusal>& refused);

  /// Appends a value that the source can't give.
  void Refuse(std::string_view reason, std::vector<CanRefusal>& refused) const {
    refused.push_back({reason, name_});
  }

  /// Appends a stale reading, with the last value, when it has been silent for longer than `limit`:
  /// once a silence.
  void MarkSilent(CanTime now, Duration limit, std::vector<Reading>& out);

 private:
  const Series* series_;
  std::string_view name_;
  std::uint16_t driver_;
  std::uint8_t source_ = 0;        // whom we believe
  std::optional<BootTime> heard_;  // … when it was last heard; nothing: no one yet
  double last_ = 0;                // … and what it said
  bool silent_ = false;            // told to be stale
};

}  // namespace fleet_edge::drivers
