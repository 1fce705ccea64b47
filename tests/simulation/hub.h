#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::simulation {

/// What the hub has. Outlives every start of the agent.
class Hub {
 public:
  explicit Hub(World& world) : world_(world) {}

  /// A record arrives; of what it has already only the body is looked at.
  void Append(const uplink::Batch& batch);

  bool Has(const uplink::BatchId& id) const { return bodies_.contains(id); }
  const std::map<uplink::BatchId, std::string>& bodies() const { return bodies_; }
  const std::vector<fleet::v1::Gap>& gaps() const { return gaps_; }
  std::uint64_t duplicates() const { return duplicates_; }

 private:
  World& world_;
  std::map<uplink::BatchId, std::string> bodies_;
  std::map<uplink::Lane, uplink::BatchId> newest_;
  std::vector<fleet::v1::Gap> gaps_;  // announced, once each
  std::uint64_t duplicates_ = 0;
};

/// Whether the hub of this world never takes it.
bool IsPoison(const World& world, const uplink::BatchId& id);

/// A publisher to the hub over a link that comes and goes. As a producer that keeps the order:
/// when a batch comes back, those of its lane behind it come back as well.
class SimulatedPublisher : public uplink::Publisher {
 public:
  SimulatedPublisher(World& world, Hub& hub) : world_(world), hub_(hub) {}

  Result<void> Publish(const uplink::Batch& batch) override;
  std::vector<Report> Poll() override;
  std::vector<Report> Close(Duration patience) override;
  void SetWake(std::function<void()> wake) override { wake_ = std::move(wake); }
  uplink::PublisherStatus status() const override;

  /// What the link does by now.
  void Work();

  /// When it has something to do next; nothing while it waits for the link.
  std::optional<Duration> NextDue() const;

  /// A fatal error: all that is in flight comes back.
  void Fail();

  /// The agent is gone: some of what is on its way arrives all the same.
  void Abandon();

 private:
  struct InFlight {
    uplink::Batch batch;
    Duration arrives{0};
    std::optional<Duration> answered{};  ///< when its acknowledgement is here; set on arrival
  };

  bool Arrive(std::size_t at);
  void Settle(std::size_t at, Outcome outcome);
  void ReturnLane(uplink::Lane lane, std::size_t from);
  void RefuseRequest(std::size_t at);

  World& world_;
  Hub& hub_;
  std::function<void()> wake_;
  std::deque<InFlight> in_flight_;
  std::vector<Report> reports_;
  Duration link_free_{0};
};

}  // namespace fleet_edge::simulation
