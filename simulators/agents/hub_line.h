#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/kafka_producer.h"
#include "uplink/kafka_properties.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::agents {

/// The one connection to the hub that all simulated agents share: a producer each would be ten
/// thousand times librdkafka's threads.
///
/// One thread, but for what the producer's own do. It outlives its links, and Close() comes before
/// the first of them goes.
class HubLine final : uplink::KafkaProducer::Listener {
 public:
  using MakeProducer = std::function<Result<std::unique_ptr<uplink::KafkaProducer>>(
      uplink::KafkaProducer::Listener&)>;

  struct Counts {
    std::uint64_t acknowledged = 0;
    std::uint64_t returned = 0;
    std::uint64_t refused = 0;  ///< for good
    std::uint64_t rebuilt = 0;  ///< producers made after a fatal error
  };

  /// An agent's link to the hub.
  class Link : public uplink::Publisher {
   public:
    /// `line` outlives it.
    Link(HubLine& line, std::string vehicle) : line_(line), vehicle_(std::move(vehicle)) {}

    Result<void> Publish(const uplink::Batch& batch) override;
    std::vector<Report> Poll() override { return std::exchange(reports_, {}); }
    /// Never waits: whoever ends a fleet waits for all.
    std::vector<Report> Close(Duration /*patience*/) override { return Poll(); }
    /// Unheard: agents are cranked each second.
    void SetWake(std::function<void()> /*wake*/) override {}
    uplink::PublisherStatus status() const override { return {}; }

   private:
    friend class HubLine;

    HubLine& line_;
    const std::string vehicle_;
    std::vector<Report> reports_;
  };

  /// Throws std::runtime_error when no producer can be made. `make` makes another one when the
  /// first dies.
  explicit HubLine(MakeProducer make);
  HubLine(const HubLine&) = delete;
  HubLine& operator=(const HubLine&) = delete;
  ~HubLine();

  /// Down: the links take nothing, as if the network were away.
  void SetDown(bool down) { down_ = down; }

  /// Hands out the reports that are there. Never waits.
  void Poll();

  /// Returns when Poll() has something to do, at most after `patience`.
  void Wait(Duration patience);

  /// Gives up what is in flight, and reports it.
  void Close();

  const Counts& counts() const { return counts_; }

  /// Records that the producer has, and the hub hasn't acknowledged.
  std::size_t in_flight() const { return in_flight_.size(); }

  /// The last error of the hub or of the way to it; empty while all is well.
  const std::string& error() const { return error_; }

 private:
  struct InFlight {
    Link* link;
    uplink::BatchId id;
    std::list<InFlight>::iterator self;
  };

  Result<void> Make();
  Result<void> Send(Link& link, const uplink::Batch& batch);
  void RebuildWhenDead();

  void OnReport(void* record, uplink::Publisher::Outcome outcome,
                const std::string& reason) override;
  void OnFatal(const std::string& reason) override;
  void OnError(const std::string& reason) override { error_ = reason; }
  void OnLink(uplink::PublisherStatus::Link link, const std::string& why) override;

  const MakeProducer make_;

  std::mutex mutex_;  // between the producer's threads, which ring, and ours
  std::condition_variable rings_;
  bool rung_ = false;  // guarded by mutex_
  const std::function<void()> ring_;

  std::unique_ptr<uplink::KafkaProducer> producer_;  // null: it died, and the next isn't made yet
  std::list<InFlight> in_flight_;                    // its nodes are the records' opaques
  bool down_ = false;
  bool dead_ = false;  // the producer will never send again
  std::chrono::steady_clock::time_point rebuild_at_;
  Counts counts_;
  std::string error_;
};

/// The properties with which agents send, but for queues that hold what so many of them send.
uplink::KafkaProperties LineProperties(const std::string& hub,
                                       const uplink::KafkaProperties& own = {});

/// What LineProperties() lets wait in the producer, in records.
inline constexpr std::uint64_t kLineRecords = 50'000;

}  // namespace fleet_edge::agents
