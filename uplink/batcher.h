#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/batch_encoder.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {

/// Gathers accepted readings into the open batch and seals it.
///
/// Owned by App, used on the pipeline's thread only. Borrows `clock`, which outlives it.
class Batcher {
 public:
  using Encoding = BatchEncoder::Encoding;
  using Identity = uplink::Identity;

  struct Options {
    Duration max_age = std::chrono::seconds{1};
    Bytes max_bytes = KiB(64);
    Encoding encoding = Encoding::kDelta;
  };

  Batcher(Identity identity, Options options, const Clock& clock);

  /// Takes a reading into the open batch. Precondition: its quality is not kMalformed.
  void Add(const Reading& reading);

  /// When the open batch is to be sealed by its age; nothing when it is empty. It is due at once
  /// when max_bytes is reached.
  std::optional<BootTime> Due() const;

  /// Closes the open batch, encodes it and gives it its number. Nothing when it is empty.
  std::optional<Batch> Seal();

  /// Whether the clock was seen to agree with NTP or GNSS: batches sealed from now on say so.
  void set_clock_synced(bool synced) { clock_synced_ = synced; }

  const Identity& identity() const { return identity_; }

 private:
  const Identity identity_;
  const Options options_;
  const Clock& clock_;
  BatchEncoder encoder_;
  std::vector<Reading> open_;
  std::optional<BootTime> opened_;
  std::uint64_t room_;  // readings that max_bytes holds, by what a reading took in the batch before
  std::uint64_t seq_ = 0;
  bool clock_synced_ = false;
};

/// Keys of the configuration's `outbox.batch`.
void Describe(Section& section, Batcher::Options& options);

}  // namespace fleet_edge::uplink
