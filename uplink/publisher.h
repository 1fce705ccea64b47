#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {

/// Hands batches to the hub and tells what became of them.
///
/// Owned by App, used on the uplink's thread only. Every batch that Publish() took is reported
/// exactly once; by Close() at the latest. Batches of a lane arrive in the order of publishing:
/// when one comes back, those behind it come back too, and none is taken until Poll() has told of
/// it.
class Publisher {
 public:
  enum class Outcome : std::uint8_t {
    kAcknowledged,  ///< the hub has it
    kReturned,      ///< not delivered: publish it again later
    kPoison,        ///< refused for good, whenever it is tried
  };

  struct Report {
    BatchId id;
    Outcome outcome = Outcome::kReturned;
    std::string reason;  ///< empty when acknowledged
  };

  Publisher() = default;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  virtual ~Publisher() = default;

  /// Takes a copy of the batch for sending. Never waits. Errors, the batch is not taken then: kFull
  /// (its queue: publish no more before the next Poll()), kRetry (refused for now: back off), kDrop
  /// (refused for good).
  virtual Result<void> Publish(const Batch& batch) = 0;

  /// What became of batches since the last call. Never waits. Called every second at least: a dead
  /// producer is made anew here, after all in flight came back as returned.
  virtual std::vector<Report> Poll() = 0;

  /// Sends what is in flight, at most for `patience`; then gives up. Reports all that is left.
  /// Nothing is published after it.
  virtual std::vector<Report> Close(Duration patience) = 0;

  /// `wake` is called, on any thread, when Poll() has something to do. It must not block. Called
  /// once, before the first Publish(); what it refers to outlives this.
  virtual void SetWake(std::function<void()> wake) = 0;

  virtual PublisherStatus status() const = 0;
};

}  // namespace fleet_edge::uplink
