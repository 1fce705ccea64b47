#pragma once

#include <optional>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::uplink {

/// Lets `rate` bytes a second through, and at most a second's worth at once.
///
/// A part of Uplink, used on its thread.
class TokenBucket {
 public:
  /// `rate` 0: no limit.
  TokenBucket(Bytes rate, BootTime now);

  /// What may go now; nothing: no limit.
  std::optional<Bytes> Available(BootTime now);

  /// Takes it. More than is available is owed: it delays what comes after.
  void Spend(Bytes bytes);

  /// When something may go again: `now`, or later while bytes are owed.
  BootTime NextAt(BootTime now) const;

 private:
  const double rate_;
  double tokens_;
  BootTime filled_;
};

}  // namespace fleet_edge::uplink
