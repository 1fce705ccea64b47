#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::simulation {

/// What lies on a disk, and what the kernel holds of it that a power cut forgets. Outlives every
/// start of the agent.
class Disk {
 public:
  struct Row {
    uplink::Batch batch;
    bool intact = true;
  };

  /// A transaction with the ids that its rows were given.
  struct Change {
    std::vector<uplink::RowId> erase;
    std::vector<std::pair<uplink::RowId, std::shared_ptr<const Row>>> insert;
    std::vector<std::pair<std::string, std::string>> meta;
    std::vector<std::pair<std::string, std::uint64_t>> counters;
    uplink::Totals totals{};
  };

  struct Content {
    using Rows = std::map<uplink::RowId, std::shared_ptr<const Row>>;

    std::array<Rows, uplink::kLanes.size()> rows;  ///< by lane
    std::map<std::string, std::string> meta;
    std::map<std::string, std::uint64_t> counters;
    uplink::Totals totals{};
    uplink::RowId last_id = 0;
    Bytes used{0};

    void Apply(const Change& change);
    void Erase(uplink::RowId id);
    uplink::Totals Count() const;
  };

  /// What the running agent sees.
  const Content& seen() const { return seen_; }

  /// Makes the change last. Nothing of it is forgotten once Sync() was called.
  void Write(Change change);
  void Sync();

  /// A change that was reported as failed, and may be there all the same after the next start.
  void WriteHalf(Change change) { half_ = std::move(change); }
  void ForgetHalf() { half_.reset(); }

  /// The machine or the process is gone. `half_stays`: a change that was half written is there.
  /// Returns the batches that it brings: the agent was told that they are not on disk.
  std::vector<uplink::BatchId> Restart(bool power, bool half_stays);

  /// Changes the content under the agent's hands, as decay does.
  void Decay(const std::function<void(Content&)>& how);

  /// It lies there no more, or only as rubbish.
  void Destroy(const uplink::Batch& batch);

  /// The row of `meta` is gone, and the gaps that it told of; nothing when there is none.
  void DestroyMeta(const std::string& key);

  /// Of what would be there after a power cut.
  bool Has(const uplink::BatchId& id) const { return ids_.contains(id); }
  const std::vector<fleet::v1::Gap>& gaps() const;

  bool corrupt = false;     ///< the next call finds the database damaged
  bool books_dead = false;  ///< and its totals unreadable
  /// What decay took, and what was told by a gap record that it took.
  std::set<uplink::BatchId> destroyed;
  std::vector<fleet::v1::Gap> destroyed_gaps;

 private:
  void Reindex();

  Content seen_;
  Content durable_;
  std::vector<Change> unsynced_;  // in seen_, not in durable_
  std::optional<Change> half_;
  std::set<uplink::BatchId> ids_;  // of durable_
  // Of durable_, in its meta and in its rows; read when somebody asks.
  mutable std::optional<std::vector<fleet::v1::Gap>> gaps_;
};

/// The gap that the batch tells of; nothing when it tells of none.
std::optional<fleet::v1::Gap> GapIn(const uplink::Batch& batch);

/// What a batch takes on disk: its row, or its own overflow pages.
Bytes DiskCost(const uplink::Batch& batch);

}  // namespace fleet_edge::simulation
