#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/reading.h"
#include "core/time.h"
#include "rules/rule_text.h"
#include "simulators/agents/hub_line.h"
#include "simulators/agents/vehicle_agent.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/outage.h"
#include "simulators/random.h"
#include "uplink/identity.h"

namespace fleet_edge::agents {

/// Vehicles with their agents, on a time of their own, which Step() moves on; how fast is the
/// caller's affair.
///
/// One thread. Borrows `line`, which outlives it.
class Fleet {
 public:
  struct Options {
    simulators::FleetPlan plan;
    std::vector<simulators::Outage> outages;  ///< of the network, counted from the plan's start
    std::vector<rules::RuleText> rules;
    Duration send_every = std::chrono::seconds{10};
    Bytes outbox = MiB(1);  ///< see Shared
  };

  struct Counts {
    std::uint64_t readings = 0;  ///< measured
    std::uint64_t accepted = 0;  ///< records, as the agents' books have them, and the next three
    std::uint64_t acknowledged = 0;
    std::uint64_t waiting = 0;
    std::uint64_t dropped = 0;
  };

  /// How much time a step is.
  static constexpr Duration kStep = std::chrono::milliseconds{50};

  /// Makes all agents. Throws std::runtime_error when the rules have mistakes.
  Fleet(const Options& options, HubLine& line);
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;
  /// Gives up what is in flight.
  ~Fleet();

  /// Moves on by kStep: what is measured in it goes through the agents.
  void Step();

  /// No vehicle measures from now on; the agents go on.
  void EndMeasuring();

  /// All agents have said goodbye.
  bool stopped() const { return stopped_ == vehicles_.size(); }

  /// … and nothing waits for the hub.
  bool done() const;

  /// Time that has passed since the plan's start.
  Duration elapsed() const { return elapsed_; }

  /// What was measured was measured before this.
  UtcTime measured_until() const;

  /// When stopped() will be true, unless measuring is ended before.
  Duration length() const;

  /// Asks each agent: for now and then.
  Counts counts() const;

 private:
  struct Vehicle {
    Vehicle(const simulators::FleetVehicle& vehicle, Shared& shared,
            const uplink::Identity& identity, std::int64_t first)
        : senses(vehicle), agent(shared, identity), first_second(first) {}

    simulators::FleetVehicle senses;
    VehicleAgent agent;
    std::int64_t first_second;  // of its first instant, since the plan's start
    bool stopped = false;
  };

  /// The vehicles whose turn comes in one step of each second, by their phase.
  struct Turn {
    Duration phase;
    Vehicle* vehicle;
  };

  void FollowOutages();
  void TurnOf(Vehicle& vehicle, std::int64_t second);
  void Measure(const Vehicle& vehicle, std::uint32_t instant);

  const simulators::FleetPlan plan_;
  const std::vector<simulators::Outage> outages_;
  HandClock clock_;
  HubLine& line_;
  simulators::Random random_;
  Shared shared_;
  std::vector<const Series*> series_;
  std::deque<Vehicle> vehicles_;  // a deque keeps addresses
  std::vector<std::vector<Turn>> turns_;
  std::vector<Reading> incoming_;
  Duration elapsed_{};
  UtcTime measuring_until_ = UtcTime::max();
  std::uint64_t readings_ = 0;
  std::size_t stopped_ = 0;
};

}  // namespace fleet_edge::agents
