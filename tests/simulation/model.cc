#include "tests/simulation/model.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/hub.h"
#include "tests/simulation/names.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/batch_decoder.h"
#include "uplink/gap_log.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/status.h"

namespace fleet_edge::simulation {
namespace {

using uplink::BatchId;
using uplink::Lane;

bool Covers(const fleet::v1::Gap& gap, const BatchId& id) {
  return gap.epoch() == id.epoch && gap.from_seq() <= id.seq && id.seq <= gap.to_seq() &&
         gap.topic() == TopicOf(id.lane);
}

bool AnyCovers(const std::vector<fleet::v1::Gap>& gaps, const BatchId& id) {
  return std::ranges::any_of(gaps, [&](const auto& gap) { return Covers(gap, id); });
}

}  // namespace

void Model::Seal(const uplink::Batch& batch) {
  Entry entry{.count = batch.count, .body = batch.body, .accepted = world_.clock.elapsed()};
  if (batch.id.lane == Lane::kTelemetry) {
    if (!unsealed_.empty()) entry.accepted = unsealed_.front().accepted;
    CheckReadings(batch);
  }
  accepted_ += batch.count;
  world_.trace.Say("sealed {} with {} records", NameOf(batch.id), batch.count);
  if (!entries_.emplace(batch.id, std::move(entry)).second) {
    world_.Break("I3: the identity " + NameOf(batch.id) + " is given out twice");
  }
  waiting_.push_back(batch.id);
}

void Model::CheckReadings(const uplink::Batch& batch) {
  fleet::v1::TelemetryBatch message;
  if (!message.ParseFromString(batch.body)) world_.Break("I5: not a TelemetryBatch");
  std::multimap<std::pair<std::string, std::int64_t>, double> arrives;
  const auto readings = uplink::DecodeBatch(message);
  if (!readings) return world_.Break("I5: " + readings.error().message);
  for (const uplink::DecodedReading& reading : *readings) {
    arrives.emplace(std::pair{reading.signal, reading.time.time_since_epoch().count()},
                    reading.value);
  }
  for (std::uint32_t n = 0; n < batch.count && !unsealed_.empty(); ++n) {
    const Reading& due = unsealed_.front();
    const std::pair key{due.signal, due.time.time_since_epoch().count()};
    const auto [begin, end] = arrives.equal_range(key);
    const auto found = std::find_if(begin, end, [&](const auto& reading) {
      return std::abs(reading.second - due.value) < 1e-9;
    });
    if (found == end) {
      world_.Break("I5: " + NameOf(batch.id) + " lacks a reading of " + due.signal);
    } else {
      arrives.erase(found);
    }
    unsealed_.pop_front();
  }
  if (!arrives.empty()) world_.Break("I5: " + NameOf(batch.id) + " holds what nobody measured");
}

bool Model::IsSafe(const BatchId& id) const {
  if (hub_.Has(id) || disk_.Has(id) || disk_.destroyed.contains(id)) return true;
  return AnyCovers(hub_.gaps(), id) || AnyCovers(disk_.gaps(), id) ||
         AnyCovers(disk_.destroyed_gaps, id);
}

Duration Model::DueAt(Duration accepted) const {
  const Duration durable_within = world_.scenario.limits.durable_within;
  // What the disk refused is tried again after half of it, and a tenth is for the try itself; at an
  // orderly end it is tried again after the last flush, which takes no longer.
  const Duration next_try = world_.ending ? durable_within : durable_within * 6 / 10;
  return std::max(accepted + durable_within, world_.last_trouble + next_try);
}

bool Model::IsDue(const BatchId& id, const Entry& entry, Duration began) const {
  const bool is_alert = id.lane == Lane::kAlert;
  if (is_alert && entry.accepted < began && world_.last_trouble < entry.accepted) return true;
  return world_.clock.elapsed() > DueAt(entry.accepted);
}

void Model::CheckTurn(const uplink::UplinkStatus& status, Duration began) {
  while (!waiting_.empty() && IsSafe(waiting_.front())) waiting_.pop_front();
  for (const BatchId& id : waiting_) {
    const Entry& entry = entries_.at(id);
    if (!IsDue(id, entry, began)) {
      if (id.lane == Lane::kTelemetry) break;
      continue;
    }
    if (IsSafe(id)) continue;
    world_.Break("I7: " + NameOf(id) + " is neither on disk nor acknowledged, " +
                 ToString(world_.clock.elapsed() - entry.accepted) + " after it was accepted");
    break;
  }
  const uplink::Ledger::Snapshot& books = status.ledger;
  if (books.residual != 0) world_.Break("I2: residual " + std::to_string(books.residual));
  if (books.accepted + books.recovered !=
      books.acknowledged + books.queued + books.dropped_total()) {
    world_.Break("I2: the books don't add up");
  }
  const uplink::Outbox::Limits& limits = world_.scenario.limits;
  if (status.outbox.memory > limits.memory) {
    world_.Break("I6: memory " + ToString(status.outbox.memory));
  }
  if (status.outbox.disk > limits.quota) {
    world_.Break("I6: disk " + ToString(status.outbox.disk));
  }
}

void Model::Lose(const BatchId& id, Entry& entry) {
  const Duration age = world_.clock.elapsed() - entry.accepted;
  entry.excused = true;
  world_.trace.Say("lost {} with {} records, {} old", NameOf(id), entry.count, ToString(age));
  CountLoss(entry.count, age);
}

void Model::CountLoss(std::uint64_t records, Duration age) {
  if (age <= world_.scenario.limits.durable_within) {
    losses_.readings += records;
    losses_.oldest = std::max(losses_.oldest, age);
  } else {
    losses_.excused += records;
  }
}

void Model::CheckEnd() {
  if (!unsealed_.empty()) world_.Break("I1: readings were not sealed at the end");
  for (const BatchId& id : waiting_) {
    if (IsSafe(id)) continue;
    Entry& entry = entries_.at(id);
    if (world_.last_trouble < world_.ending) {
      world_.Break("I1: " + NameOf(id) + " is lost by an orderly end");
    }
    Lose(id, entry);
  }
  waiting_.clear();
}

void Model::CheckDeath() {
  for (const BatchId& id : waiting_) {
    if (IsSafe(id)) continue;
    Entry& entry = entries_.at(id);
    // An alert that the worker has not seen yet is as young as a reading.
    if (world_.clock.elapsed() > DueAt(entry.accepted)) {
      world_.Break("I7: " + NameOf(id) + " died " +
                   ToString(world_.clock.elapsed() - entry.accepted) + " old");
    }
    Lose(id, entry);
  }
  waiting_.clear();
  if (!unsealed_.empty()) {
    const Duration age = world_.clock.elapsed() - unsealed_.front().accepted;
    if (world_.clock.elapsed() > DueAt(unsealed_.front().accepted)) {
      world_.Break("I7: open readings died " + ToString(age) + " old");
    }
    CountLoss(unsealed_.size(), age);
    unsealed_.clear();
  }
}

void Model::CheckAll() const {
  for (const auto& [id, entry] : entries_) {
    const auto arrived = hub_.bodies().find(id);
    if (arrived != hub_.bodies().end()) {
      if (arrived->second != entry.body) world_.Break("I5: altered " + NameOf(id));
      continue;
    }
    // A gap that was found after the hub was last heard is told by the next start.
    if (entry.excused || IsSafe(id)) continue;
    world_.Break("I1: lost " + NameOf(id));
  }
  for (const fleet::v1::Gap& gap : hub_.gaps()) CheckGap(gap);
}

void Model::CheckGap(const fleet::v1::Gap& gap) const {
  const std::string what = gap.topic() + "/" + std::to_string(gap.epoch()) + "/" +
                           std::to_string(gap.from_seq()) + "-" + std::to_string(gap.to_seq());
  const Lane lane = *std::ranges::find(uplink::kLanes, gap.topic(), uplink::TopicOf);
  std::uint64_t records = 0;
  for (std::uint64_t seq = gap.from_seq(); seq <= gap.to_seq(); ++seq) {
    const BatchId id{lane, gap.epoch(), seq};
    if (gap.reason() == uplink::kQuarantined && !IsPoison(world_, id)) {
      world_.Break("I1: " + NameOf(id) + " was quarantined, and is no poison");
    }
    if (lane == Lane::kStatus) {
      ++records;
      continue;
    }
    const auto entry = entries_.find(id);
    if (entry == entries_.end()) {
      world_.Break("I2: the gap " + what + " tells of batches that never were");
      return;
    }
    records += entry->second.count;
  }
  // How many a damaged row held is not known any more, and the lane's last row makes up for it.
  const bool is_known = std::ranges::none_of(
      disk_.destroyed, [lane](const BatchId& destroyed) { return destroyed.lane == lane; });
  if (is_known && records != gap.records()) {
    world_.Break("I2: the gap " + what + " tells of " + std::to_string(gap.records()) +
                 " records, they were " + std::to_string(records));
  }
}

}  // namespace fleet_edge::simulation
