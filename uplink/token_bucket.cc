#include "uplink/token_bucket.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::uplink {

TokenBucket::TokenBucket(Bytes rate, BootTime now)
    : rate_(static_cast<double>(rate.count)), tokens_(rate_), filled_(now) {}

std::optional<Bytes> TokenBucket::Available(BootTime now) {
  if (rate_ == 0) return std::nullopt;
  tokens_ = std::min(rate_, tokens_ + rate_ * ToSeconds(now - filled_));
  filled_ = now;
  return Bytes{static_cast<std::uint64_t>(std::max(0.0, tokens_))};
}

void TokenBucket::Spend(Bytes bytes) {
  if (rate_ > 0) tokens_ -= static_cast<double>(bytes.count);
}

BootTime TokenBucket::NextAt(BootTime now) const {
  // A byte more than nothing: at exactly 0 nothing may go yet.
  if (rate_ == 0 || tokens_ >= 1) return now;
  return now + Duration{static_cast<Duration::rep>((1 - tokens_) / rate_ * 1e6) + 1};
}

}  // namespace fleet_edge::uplink
