#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"
#include "tests/simulation/agent_start.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/hub.h"
#include "tests/simulation/model.h"
#include "tests/simulation/world.h"

namespace fleet_edge::simulation {

/// What became of a life.
struct Outcome {
  std::vector<std::string> broken;  ///< what must hold and did not; empty when all is well
  std::uint64_t accepted = 0;       ///< records
  std::uint64_t delivered = 0;      ///< batches, each once
  std::uint64_t duplicates = 0;     ///< batches that came again
  std::uint64_t gaps = 0;           ///< announced
  std::uint64_t deaths = 0;
  std::uint64_t restarts = 0;
  Model::Losses losses;
};

/// The life of an agent as a seed wants it: it works while everything fails that can, dies and
/// starts again; then the faults stop, and the queue must drain.
class Life {
 public:
  Life(std::uint64_t seed, bool traced);

  Outcome Live();

 private:
  void Run(Duration until);
  void RunUntil(Duration until, bool with_uplink);
  void Begin();
  void Die(bool power);
  void Restart();
  void RestartDisk(bool power);
  void HearRing();
  void Drain();
  void TurnUplink();

  void Sense();
  void ChangeWeather();
  void Decay();
  void StepWallClock();
  void Freeze();

  Duration Later(Duration mean);
  Duration NextEvent(bool with_uplink) const;
  void Happen(bool with_uplink);

  World world_;
  Disk disk_;
  Hub hub_;
  Model model_;
  std::unique_ptr<AgentStart> agent_;

  // When each happens next, since the life began.
  Duration pipeline_at_{0};
  Duration uplink_at_{0};
  Duration sensor_at_{0};
  Duration weather_at_{0};
  Duration decay_at_{0};
  Duration clock_step_at_{0};
  Duration death_at_{0};
  Duration restart_at_{0};
  Duration freeze_at_{0};

  std::uint64_t measured_ = 0;
  std::uint64_t turns_ = 0;  // of the uplink, in the second turns_in_
  std::int64_t turns_in_ = 0;
  std::uint64_t deaths_ = 0;
  std::uint64_t restarts_ = 0;
};

}  // namespace fleet_edge::simulation
