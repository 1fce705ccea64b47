#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/series_name.h"

/// The ledger of a run: the truth against which the hub is held. Entries are values, in the order
/// in which they were written.
namespace fleet_edge::simulators {

/// The first entry, but for a FleetPlan.
struct LedgerStart {
  UtcTime at{};
  std::uint64_t seed = 0;
  std::vector<std::string> alerts{};  ///< names that the expected changes tell all about
};

/// Whose clock the times of an interface's readings come from.
enum class Stamp : std::uint8_t {
  kSource,   ///< the message's own: a reading of that very time follows
  kArrival,  ///< the agent's, when the message comes in: a reading soon after follows
  kLook,     ///< the agent's, when it looks: any number of readings, of what there is to see then
};

std::string_view NameOf(Stamp stamp);

/// What the messages of one sensor hold. Before the first of them.
struct MessageForm {
  std::size_t number = 0;  ///< from 0
  std::string vehicle;
  std::vector<SeriesName> series;
  Stamp stamp = Stamp::kSource;
};

/// A message that was handed to MQTT, or said on another interface: one reading a series of its
/// form. Of a form with Stamp::kLook it is what there is to see from now on, and without values
/// there is nothing.
struct SentMessage {
  std::size_t form = 0;
  UtcTime time;
  std::vector<double> values;  ///< in the catalogue's unit
};

enum class AlertChange : std::uint8_t { kFiring, kResolved };

std::string_view NameOf(AlertChange change);

/// A change of an alert that must follow, with `at` in [earliest, latest].
struct ExpectedChange {
  std::string vehicle;
  std::string alert;
  Labels labels;  ///< among those of the event
  AlertChange change = AlertChange::kFiring;
  UtcTime earliest;
  UtcTime latest;
  bool required = true;  ///< false: it may follow or not
};

/// A change that the driver was shown, on the local MQTT broker.
struct DisplayedChange {
  std::string vehicle;
  std::string alert;
  AlertChange change = AlertChange::kFiring;
  UtcTime at;       ///< the evaluation instant
  UtcTime arrived;  ///< the clock here
};

/// What a harness did to an agent.
struct LedgerNote {
  enum class Kind : std::uint8_t {
    kKill,   ///< ended it with SIGKILL
    kStart,  ///< it is up again
  };

  Kind kind = Kind::kKill;
  UtcTime at;
  std::string vehicle;  ///< empty: all
};

std::string_view NameOf(LedgerNote::Kind kind);

/// The run is over; notes alone may follow.
struct LedgerEnd {
  UtcTime at;
  std::uint64_t messages = 0;
  /// Messages that the broker never acknowledged, counted from 0 in the order of the ledger.
  std::vector<std::uint64_t> unacknowledged;
};

/// A FleetPlan, before the start, stands for all that the fleet has measured until the end, and for
/// all changes that must follow.
using LedgerEntry = std::variant<LedgerStart, MessageForm, SentMessage, ExpectedChange,
                                 DisplayedChange, LedgerNote, LedgerEnd, FleetPlan>;

}  // namespace fleet_edge::simulators
