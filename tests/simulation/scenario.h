#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/time.h"
#include "tests/simulation/chance.h"
#include "uplink/batcher.h"
#include "uplink/outbox.h"
#include "uplink/uplink.h"

namespace fleet_edge::simulation {

/// What a life is like: its configuration, its load and the faults that may strike. A value, chosen
/// by a seed.
struct Scenario {
  Duration length{0};  ///< with faults; then they stop and the queue drains

  // The configuration.
  uplink::Outbox::Limits limits;
  uplink::Uplink::Options options;
  uplink::Batcher::Options batch;
  Bytes handover{0};
  std::size_t readings_queue = 0;

  // The load.
  Duration sensor_every{0};
  std::uint64_t burst = 1;  ///< readings at once, at most
  double hot = 0;           ///< how often a reading is one that raises an alert

  // The disk; shares of calls, unless said otherwise.
  double disk_fails = 0;  ///< of the changes of weather, those to a disk that fails
  double call_fails = 0;  ///< while the disk is flaky
  double hangs = 0;       ///< calls that take long
  Duration longest_hang{0};
  double page_waste = 0;     ///< of what rows take: pages that are partly empty
  Duration damage_every{0};  ///< rows damaged or gone, or the whole database; 0: never
  bool meta_dies = false;    ///< a damaged database loses its books

  // The hub and its link.
  double link_fails = 0;           ///< of the changes of weather, those to no link
  double ack_lost = 0;             ///< per batch: appended, and reported as returned
  double refuses = 0;              ///< per batch: Publish() refuses for now
  double poison = 0;               ///< of batches: those that the hub never takes
  double publisher_dies = 0;       ///< of the changes of weather: a fatal error, all comes back
  std::size_t publisher_room = 0;  ///< batches in flight
  Duration latency{0};
  Bytes link_rate{0};  ///< per second

  // Power and clock.
  double dies_in_call = 0;       ///< of the calls of store and publisher: the last one
  Duration dies_every{0};        ///< besides; 0: never
  double kill = 0;               ///< of the deaths, those of the process alone
  Duration restart_every{0};     ///< in order; 0: never
  Duration freeze_every{0};      ///< everything stands still for a while; 0: never
  Duration clock_step_every{0};  ///< 0: never
  Duration weather_every{0};
};

Scenario Choose(Chance& chance);

}  // namespace fleet_edge::simulation
