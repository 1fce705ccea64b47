#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/hub.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"

namespace fleet_edge::simulation {

/// What was accepted, and what must have become of it: it knows the promise and nothing of how it
/// is kept.
class Model {
 public:
  /// A reading on its way to the hub.
  struct Reading {
    std::string signal;
    double value = 0;
    UtcTime time;
    Duration accepted{0};  ///< elapsed, when the pipeline took it
  };

  /// What deaths have cost so far.
  struct Losses {
    std::uint64_t readings = 0;  ///< and alerts, that were younger than durable_within
    std::uint64_t excused = 0;   ///< older ones, which the disk refused or took too long for
    Duration oldest{0};          ///< of the readings
  };

  Model(World& world, const Disk& disk, const Hub& hub) : world_(world), disk_(disk), hub_(hub) {}

  /// The pipeline has taken a reading.
  void Accept(Reading reading) { unsealed_.push_back(std::move(reading)); }

  /// The pipeline has handed over a batch: it must hold the readings that are next.
  void Seal(const uplink::Batch& batch);

  /// The uplink has made a turn, from `began` on: nothing is older than it may be, and the books
  /// are right (I2, I6, I7).
  void CheckTurn(const uplink::UplinkStatus& status, Duration began);

  /// An orderly end is over: nothing may be lost (unless the disk refused it).
  void CheckEnd();

  /// The agent has died: what nobody has must be young.
  void CheckDeath();

  /// The faults have stopped and the queue has drained: everything is there, or announced (I1, I5).
  void CheckAll() const;

  std::uint64_t accepted() const { return accepted_; }
  const Losses& losses() const { return losses_; }

 private:
  struct Entry {
    std::uint32_t count = 0;
    std::string body;
    Duration accepted{0};
    bool excused = false;  ///< lost with a death, as the promise allows
  };
  using Entries = std::map<uplink::BatchId, Entry>;

  bool IsSafe(const uplink::BatchId& id) const;
  Duration DueAt(Duration accepted) const;
  bool IsDue(const uplink::BatchId& id, const Entry& entry, Duration began) const;
  void Lose(const uplink::BatchId& id, Entry& entry);
  void CountLoss(std::uint64_t records, Duration age);
  void CheckReadings(const uplink::Batch& batch);
  void CheckGap(const fleet::v1::Gap& gap) const;

  World& world_;
  const Disk& disk_;
  const Hub& hub_;
  std::deque<Reading> unsealed_;
  Entries entries_;
  std::deque<uplink::BatchId> waiting_;  // not seen to be safe yet, in order of acceptance
  std::uint64_t accepted_ = 0;
  Losses losses_;
};

}  // namespace fleet_edge::simulation
