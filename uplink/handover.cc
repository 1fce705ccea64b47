#include "uplink/handover.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/ledger.h"

namespace fleet_edge::uplink {
namespace {

constexpr std::size_t kMaxReports = 1'000;

}  // namespace

Handover::Handover(Bytes memory, Ledger& ledger) : memory_(memory), ledger_(ledger) {}

void Handover::Push(Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    Enqueue(std::move(batch));
    rung_ = true;
  }
  wake_.notify_one();
}

void Handover::Push(std::vector<Batch> alerts, std::string alert_state) {
  {
    const std::lock_guard lock(mutex_);
    for (Batch& alert : alerts) Enqueue(std::move(alert));
    alert_state_ = std::move(alert_state);
    rung_ = true;
  }
  wake_.notify_one();
}

void Handover::Report(fleet::v1::StatusEvent event) {
  {
    const std::lock_guard lock(mutex_);
    if (reports_.size() == kMaxReports) {
      reports_.pop_front();
      ++dropped_reports_;
      ledger_.Accept(1);
      ledger_.Drop(Lane::kStatus, kHandoverFull, 1);
    }
    reports_.push_back(std::move(event));
    rung_ = true;
  }
  wake_.notify_one();
}

void Handover::Enqueue(Batch batch) {
  ledger_.Accept(batch.count);
  records_ += batch.count;
  held_ += MemoryOf(batch);
  batches_.push_back(std::move(batch));
  while (held_ > memory_) DropOldest();
}

void Handover::DropOldest() {
  // Alerts are worth most: they go when nothing else is left, as they would fill the memory.
  auto oldest = std::ranges::find_if(
      batches_, [](const Batch& waiting) { return waiting.id.lane == Lane::kTelemetry; });
  if (oldest == batches_.end()) oldest = batches_.begin();
  ledger_.Drop(oldest->id.lane, kHandoverFull, oldest->count);
  gaps_.Add(GapOf(*oldest, kHandoverFull));
  gaps_since_ = std::min(gaps_since_, oldest->accepted);
  records_ -= oldest->count;
  held_.count -= MemoryOf(*oldest).count;
  batches_.erase(oldest);
}

Handover::Load Handover::Take() {
  const std::lock_guard lock(mutex_);
  Load load;
  load.batches.assign(std::make_move_iterator(batches_.begin()),
                      std::make_move_iterator(batches_.end()));
  load.reports.assign(std::make_move_iterator(reports_.begin()),
                      std::make_move_iterator(reports_.end()));
  load.dropped_reports = std::exchange(dropped_reports_, 0);
  load.gaps = gaps_.Take();
  load.gaps_since = std::exchange(gaps_since_, BootTime::max());
  load.alert_state = std::exchange(alert_state_, std::nullopt);
  batches_.clear();
  reports_.clear();
  held_ = {};
  records_ = 0;
  return load;
}

void Handover::WaitUntil(BootTime deadline, const Clock& clock, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::move(stop), deadline - clock.Boot(), [&] { return rung_; });
  rung_ = false;
}

void Handover::Wake() {
  {
    const std::lock_guard lock(mutex_);
    rung_ = true;
  }
  wake_.notify_one();
}

void Handover::Audit(std::uint64_t elsewhere) const {
  const std::lock_guard lock(mutex_);
  ledger_.Audit(records_ + elsewhere);
}

}  // namespace fleet_edge::uplink
