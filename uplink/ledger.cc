#include "uplink/ledger.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "uplink/batch.h"

namespace fleet_edge::uplink {

std::uint64_t Ledger::Snapshot::dropped_total() const {
  std::uint64_t total = 0;
  for (const auto& [what, records] : dropped) total += records;
  return total;
}

void Ledger::Accept(std::uint64_t records) {
  const std::lock_guard lock(mutex_);
  books_.accepted += records;
  books_.queued += records;
}

void Ledger::Recover(std::uint64_t records) {
  const std::lock_guard lock(mutex_);
  books_.recovered += records;
  books_.queued += records;
}

void Ledger::Acknowledge(std::uint64_t records) {
  const std::lock_guard lock(mutex_);
  books_.acknowledged += records;
  books_.queued -= records;
}

void Ledger::Drop(Lane lane, std::string_view reason, std::uint64_t records) {
  const std::lock_guard lock(mutex_);
  books_.dropped[{lane, std::string(reason)}] += records;
  books_.queued -= records;
}

void Ledger::Audit(std::uint64_t counted) {
  const std::lock_guard lock(mutex_);
  books_.residual = static_cast<std::int64_t>(books_.queued - counted);
}

Ledger::Snapshot Ledger::snapshot() const {
  const std::lock_guard lock(mutex_);
  return books_;
}

}  // namespace fleet_edge::uplink
