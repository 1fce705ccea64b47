#include "uplink/epoch.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>

#include "core/clock.h"
#include "core/time.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

constexpr unsigned kRandomBits = 20;

}  // namespace

std::uint64_t NewEpoch(UtcTime now, std::uint64_t last, std::uint32_t random) {
  using std::chrono::milliseconds;
  const auto since_1970 =
      std::max(now, UtcTime{}).time_since_epoch() / milliseconds{1};  // a clock may say anything
  // Behind the last one a millisecond follows it: `last` itself may be that of an earlier start
  // whose successor could not be stored, and a number that is given out twice loses batches.
  const std::uint64_t time =
      std::max(static_cast<std::uint64_t>(since_1970), (last >> kRandomBits) + 1);
  return (time << kRandomBits) | (random & ((1U << kRandomBits) - 1));
}

std::uint64_t StartEpoch(Store& store, const Clock& clock, std::uint32_t random) {
  std::uint64_t last = 0;
  if (const auto text = store.Meta(kEpochKey)) {
    std::from_chars(text->data(), text->data() + text->size(), last);
  }
  const std::uint64_t epoch = NewEpoch(clock.Now(), last, random);
  const auto committed =
      store.Commit({.meta = {{kEpochKey, std::to_string(epoch)}}, .totals = store.totals()});
  if (!committed) {
    spdlog::warn(
        "outbox: this start's number could not be stored: {}. Going on; it is stored with the "
        "first batches",
        committed.error().message);
  }
  return epoch;
}

}  // namespace fleet_edge::uplink
