#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/counters.h"
#include "core/labels.h"

namespace fleet_edge::drivers {

/// Why a driver refuses input: values of the label `reason` of kInputRejectedTotal.
namespace reason {

inline constexpr std::string_view kMalformed = "malformed";     ///< not of the form it should have
inline constexpr std::string_view kWrongType = "wrong_type";    ///< a field is no number
inline constexpr std::string_view kWrongUnit = "wrong_unit";    ///< it measures something else
inline constexpr std::string_view kMissing = "missing";         ///< a required field is not there
inline constexpr std::string_view kBadTime = "bad_time";        ///< its time can't be read
inline constexpr std::string_view kTooLarge = "too_large";      ///< longer than the bound
inline constexpr std::string_view kChecksum = "checksum";       ///< the checksum is wrong
inline constexpr std::string_view kNoChecksum = "no_checksum";  ///< … or not there
inline constexpr std::string_view kUnreadType = "unread_type";  ///< sound, of a type nobody reads
inline constexpr std::string_view kUnreadTopic = "unread_topic";  ///< a topic no filter asks for
inline constexpr std::string_view kTopicLimit = "topic_limit";  ///< more topics than are remembered
inline constexpr std::string_view kBusError = "bus_error";      ///< a CAN error frame
inline constexpr std::string_view kOverrun = "overrun";         ///< came faster than it was read
inline constexpr std::string_view kDeviceError = "device_error";  ///< the sender says it failed
inline constexpr std::string_view kNoAnswer = "no_answer";        ///< asked, and silent
inline constexpr std::string_view kUnborn = "unborn";             ///< its names are not told yet
inline constexpr std::string_view kGap = "gap";                   ///< messages before it are lost
inline constexpr std::string_view kOtherSource = "other_source";  ///< another sender is believed
inline constexpr std::string_view kSeriesLimit = "series_limit";  ///< the series registry is full

}  // namespace reason

/// Counts what one driver refuses. Any thread; look counters up at start where the input can flood.
class Rejections {
 public:
  /// Borrows `counters`, which outlive it.
  Rejections(Counters& counters, std::string driver)
      : counters_(counters), driver_(std::move(driver)) {}

  /// `signal` is empty where a whole line or message is refused.
  Counter& Get(std::string_view reason, std::string_view signal = {}) const {
    Labels labels{{"driver", driver_}};
    labels.Set("signal", signal);
    labels.Set("reason", reason);
    return counters_.Get(kInputRejectedTotal, labels);
  }

  /// Readings handed on.
  Counter& Accepted() const { return counters_.Get(kInputReadingsTotal, {{"driver", driver_}}); }

 private:
  Counters& counters_;
  const std::string driver_;
};

}  // namespace fleet_edge::drivers
