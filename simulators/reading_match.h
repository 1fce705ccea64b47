#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/report.h"
#include "simulators/series_name.h"
#include "simulators/stamped_match.h"

namespace fleet_edge::simulators {

/// Holds readings delivered against readings sent, series by series. One thread.
///
/// Where the agent's clock gives the times, only good readings are held against what was said: that
/// a series has fallen silent is the agent's own word.
class ReadingMatch {
 public:
  /// A series of a vehicle; the same for what is sent and what is delivered.
  using Slot = std::size_t;

  Slot SlotOf(const std::string& vehicle, const SeriesName& series);

  /// `message` counts the messages of the ledger from 0.
  void Expect(Slot slot, UtcTime time, double value, std::uint64_t message);

  /// How the series' readings get their times; without it they are the messages' own.
  void SetStamp(Slot slot, Stamp stamp) { series_[slot].stamp = stamp; }

  /// Of Stamp::kLook: from `time` on there is nothing to see.
  void ExpectNothing(Slot slot, UtcTime time);

  /// From a batch whose key was new.
  void Deliver(Slot slot, UtcTime time, double value, bool good);

  /// These messages were never acknowledged by the MQTT broker: they may arrive or not.
  void SetUnacknowledged(std::span<const std::uint64_t> messages);

  /// Adds what is found to the report.
  void Compare(const Promise& promise, Report& report) const;

 private:
  struct Sent {
    UtcTime time;
    double value;  // not a number: nothing to see from then on
    std::uint64_t message;
  };
  struct Delivered {
    UtcTime time;
    double value;
    bool good;
  };
  struct Series {
    std::string vehicle;
    SeriesName name;
    Stamp stamp = Stamp::kSource;
    // In any order; a comparison sorts them, which changes nothing that anybody sees.
    mutable std::vector<Sent> sent;
    mutable std::vector<Delivered> delivered;
  };

  void Compare(const Series& series, const Promise& promise, Report& report) const;
  void CompareStamped(const Series& series, const Promise& promise, Report& report) const;
  void Note(const Series& series, const StampedFinding& finding, const Promise& promise,
            Report& report) const;
  void CompareInstant(const Series& series, std::span<const Sent> sent,
                      std::span<const Delivered> delivered, const Promise& promise,
                      Report& report) const;

  std::map<std::pair<std::string, SeriesName>, Slot> slots_;
  std::vector<Series> series_;
  std::unordered_set<std::uint64_t> unacknowledged_;
};

}  // namespace fleet_edge::simulators
