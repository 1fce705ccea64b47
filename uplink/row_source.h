#pragma once

#include <cstdint>

#include "core/result.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// The batches that an outbox holds on disk, one after another. One thread.
class RowSource {
 public:
  RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;
  virtual ~RowSource() = default;

  /// The next batch, each lane's oldest first; false at the end of what is readable. Errors:
  /// kRetry, the source is gone, and there may be more.
  virtual Result<bool> Next(Store::Row& row) = 0;

  /// Places where rows could not be read, so far.
  virtual std::uint64_t holes() const = 0;
};

}  // namespace fleet_edge::uplink
