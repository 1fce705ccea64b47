#include "tests/simulation/disk.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/store.h"

namespace fleet_edge::simulation {

using uplink::RowId;

Bytes DiskCost(const uplink::Batch& batch) {
  constexpr std::uint64_t kRow = 40;
  constexpr std::uint64_t kPage = 4'096;
  const std::uint64_t size = batch.body.size() + kRow;
  return {size < kPage ? size : (size / kPage + 1) * kPage};
}

std::optional<fleet::v1::Gap> GapIn(const uplink::Batch& batch) {
  fleet::v1::StatusEvent event;
  if (batch.id.lane != uplink::Lane::kStatus || !event.ParseFromString(batch.body) ||
      !event.has_gap()) {
    return std::nullopt;
  }
  return event.gap();
}

void Disk::Content::Erase(RowId id) {
  for (Rows& lane : rows) {
    const auto row = lane.find(id);
    if (row == lane.end()) continue;
    used.count -= DiskCost(row->second->batch).count;
    lane.erase(row);
    return;
  }
}

void Disk::Content::Apply(const Change& change) {
  for (const RowId id : change.erase) Erase(id);
  for (const auto& [id, row] : change.insert) {
    Erase(id);
    rows.at(static_cast<std::size_t>(row->batch.id.lane))[id] = row;
    used += DiskCost(row->batch);
    last_id = std::max(last_id, id);
  }
  for (const auto& [key, value] : change.meta) meta[key] = value;
  for (const auto& [key, growth] : change.counters) counters[key] += growth;
  totals = change.totals;
}

uplink::Totals Disk::Content::Count() const {
  uplink::Totals counted{};
  for (std::size_t lane = 0; lane < rows.size(); ++lane) {
    for (const auto& [id, row] : rows.at(lane)) {
      ++counted.at(lane).batches;
      counted.at(lane).records += row->batch.count;
      counted.at(lane).bytes += row->batch.body.size();
    }
  }
  return counted;
}

void Disk::Write(Change change) {
  half_.reset();
  seen_.Apply(change);
  unsynced_.push_back(std::move(change));
}

void Disk::Sync() {
  for (const Change& change : unsynced_) {
    for (const RowId id : change.erase) {
      for (const Content::Rows& lane : durable_.rows) {
        if (const auto row = lane.find(id); row != lane.end()) ids_.erase(row->second->batch.id);
      }
    }
    durable_.Apply(change);
    for (const auto& [id, row] : change.insert) ids_.insert(row->batch.id);
  }
  unsynced_.clear();
  gaps_.reset();
}

const std::vector<fleet::v1::Gap>& Disk::gaps() const {
  if (gaps_) return *gaps_;
  const auto text = durable_.meta.find(uplink::kGapsKey);
  gaps_ = uplink::GapLog(text == durable_.meta.end() ? "" : text->second).Take();
  for (const auto& [id, row] : durable_.rows.at(static_cast<std::size_t>(uplink::Lane::kStatus))) {
    if (const auto gap = GapIn(row->batch)) gaps_->push_back(*gap);
  }
  return *gaps_;
}

std::vector<uplink::BatchId> Disk::Restart(bool power, bool half_stays) {
  std::vector<uplink::BatchId> brought;
  if (!power) Sync();
  unsynced_.clear();
  if (half_ && half_stays) {
    durable_.Apply(*half_);
    for (const auto& [id, row] : half_->insert) brought.push_back(row->batch.id);
  }
  half_.reset();
  seen_ = durable_;
  Reindex();
  return brought;
}

void Disk::Decay(const std::function<void(Content&)>& how) {
  Sync();
  how(durable_);
  seen_ = durable_;
  Reindex();
}

void Disk::Destroy(const uplink::Batch& batch) {
  destroyed.insert(batch.id);
  if (const auto gap = GapIn(batch)) destroyed_gaps.push_back(*gap);
}

void Disk::DestroyMeta(const std::string& key) {
  Decay([&](Content& content) {
    const auto row = content.meta.find(key);
    if (row == content.meta.end()) return;
    if (key == uplink::kGapsKey) {
      for (fleet::v1::Gap& gap : uplink::GapLog(row->second).Take()) {
        destroyed_gaps.push_back(std::move(gap));
      }
    }
    content.meta.erase(row);
  });
}

void Disk::Reindex() {
  ids_.clear();
  for (const Content::Rows& lane : durable_.rows) {
    for (const auto& [id, row] : lane) ids_.insert(row->batch.id);
  }
  gaps_.reset();
}

}  // namespace fleet_edge::simulation
