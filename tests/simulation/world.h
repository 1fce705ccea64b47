#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/scenario.h"
#include "tests/simulation/simulated_clock.h"
#include "tests/simulation/trace.h"
#include "uplink/batch.h"

namespace fleet_edge::simulation {

/// Thrown out of a call that is the agent's last one.
struct Death {
  bool power;  ///< false: the process alone is gone, what the kernel holds stays
};

/// What disk, hub and model share: chance, time, faults. Outlives every start of the agent.
class World {
 public:
  /// How the disk is at the moment.
  enum class DiskState : std::uint8_t { kSound, kFlaky, kFull, kReadOnly };

  World(std::uint64_t seed, bool traced)
      : chance(seed), scenario(Choose(chance)), trace(traced, clock) {}

  /// True so often while faults strike; false when they have stopped.
  bool Strikes(double probability) { return faults && chance.Happens(probability); }

  /// Throws Death so often as the scenario wants it of calls of store and publisher.
  void MayDie(std::string_view where);

  /// The disk has refused something, or will delay it for so long: what could not be committed is
  /// excused for durable_within from then on.
  void NoteTrouble(std::string_view what, Duration lasts = Duration{0});

  /// Something that must hold does not.
  void Break(std::string what);

  Chance chance;
  const Scenario scenario;
  SimulatedClock clock;
  const Trace trace;

  bool faults = true;
  DiskState disk = DiskState::kSound;
  bool link_up = true;
  Duration last_trouble{-1};       ///< since the life began
  std::optional<Duration> ending;  ///< since when the agent has been ending in order

  /// Lets time go by while a call of the uplink hangs: the pipeline works on.
  std::function<void(Duration)> pass_time;

  /// Epochs by the order of the starts that they belong to.
  std::map<std::uint64_t, std::size_t> starts;

  /// What may arrive behind what went on meanwhile: batches that a commit was to delete, which come
  /// back when it fails; and batches whose commit was reported as failed but is there after the
  /// next start, which may have been dropped for want of memory before.
  std::set<uplink::BatchId> out_of_turn;

  std::vector<std::string> broken;
};

}  // namespace fleet_edge::simulation
