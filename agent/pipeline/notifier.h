#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "agent/pipeline/display.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

/// Shows alerts on the driver's display: one topic an alert, a JSON object each.
///
/// Owned by App, used on the pipeline's thread only; it hands over and never waits (I8). Borrows
/// `display`, `counters` and `clock`, which outlive it.
class Notifier {
 public:
  struct Options {
    std::string topic;  ///< alerts are shown below it
    Duration resolved_for = std::chrono::seconds{30};
    Labels vehicle_labels;  ///< the same in all alerts, so no part of their topics
  };

  Notifier(Options options, Display& display, Counters& counters, const Clock& clock);

  /// Shows a change of state that the driver is to know of. Passed over: pending ones, those whose
  /// rule doesn't notify `driver`, those that a cooldown holds back. What is shown is also shown
  /// resolved, whatever the cooldown says.
  void Show(const rules::AlertEvent& event);

  /// Takes off what has been resolved for long enough. Returns when the next one is due; nothing
  /// when there is none.
  std::optional<BootTime> TakeOffDue();

  /// Takes off everything that is resolved. What is firing stays: the next start of the agent goes
  /// on with it.
  void TakeOffResolved();

 private:
  using Shown = std::map<std::string, std::optional<BootTime>>;

  std::optional<BootTime> TakeOffUntil(BootTime time);
  void Put(const std::string& topic, const std::string& payload);

  const Options options_;
  Display& display_;
  const Clock& clock_;
  Counter& put_;
  Counter& failed_;
  Shown shown_;  // by topic: when it is taken off; nothing while it fires
};

/// `<topic>/<alert>`, and for an alert of a series with labels their values as further segments:
/// `vehicle/alerts/CargoOverheat/2`. The vehicle's labels and `severity` don't count.
std::string TopicOf(const rules::AlertEvent& event, const Notifier::Options& options);

}  // namespace fleet_edge::agent
