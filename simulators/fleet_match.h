#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "simulators/alert_match.h"
#include "simulators/delivery.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {

/// Holds what is delivered of a whole fleet against its plan, reading by reading, with a bit for
/// each: what was measured is worked out anew instead of being kept. One thread.
class FleetMatch {
 public:
  explicit FleetMatch(const FleetPlan& plan);

  /// From a batch whose key was new.
  void Deliver(const Delivery& delivery);

  /// From an event whose key was new.
  void Deliver(const AlertMatch::Delivered& change);

  /// Adds what is found to the report. `alerts` are judged, by kTankerAlerts. `end`: what was
  /// measured was measured before it; nothing: the run goes on, and all that may yet come is
  /// missing.
  void Compare(const std::vector<std::string>& alerts, std::optional<UtcTime> end,
               Report& report) const;

 private:
  struct Vehicle {
    std::string name;
    FleetVehicle senses;
    std::vector<std::uint32_t> arrived{};  // by instant: a bit for each series
    std::vector<AlertMatch::Delivered> changes{};
  };

  /// What a vehicle measured at one instant.
  struct Truth {
    std::uint32_t instant;
    FleetValues values;
  };

  Vehicle* Find(const std::string& name);
  bool IsOfTheRun(UtcTime time) const;
  void Take(Vehicle& vehicle, std::size_t series, const Delivery::Reading& reading,
            std::vector<Truth>& truths);
  void Note(const std::string& what, const Vehicle& vehicle, UtcTime time, const std::string& more);
  void CompareReadings(const Vehicle& vehicle, UtcTime end, Report& report) const;
  void CompareAlerts(const Vehicle& vehicle, const std::vector<std::string>& alerts, UtcTime end,
                     Report& report) const;

  const FleetPlan plan_;
  std::vector<Vehicle> vehicles_;
  std::unordered_map<std::string, std::size_t> places_;  // by name
  Report seen_;                                          // what is known without a comparison
};

}  // namespace fleet_edge::simulators
