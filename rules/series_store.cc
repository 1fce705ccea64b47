#include "rules/series_store.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/label_pool.h"
#include "rules/sample_ring.h"
#include "rules/saved_state.h"

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kSmallestRing = 8;
constexpr std::size_t kMostEnds = 256;  // of a series within its reach; beyond, the oldest goes

const LabelSet* NamedLabels(const Series& series, LabelPool& pool) {
  Labels labels = series.labels;
  labels.Set(kNameLabel, series.name);
  return pool.Intern(labels);
}

void AddSorted(std::vector<GroupId>& groups, const std::vector<GroupId>& more) {
  for (const GroupId group : more) {
    const auto at = std::ranges::lower_bound(groups, group);
    if (at == groups.end() || *at != group) groups.insert(at, group);
  }
}

bool Before(const StoredSeries* a, const StoredSeries* b) {
  return std::tie(a->series->name, a->series->labels) <
         std::tie(b->series->name, b->series->labels);
}

}  // namespace

const Sample* StoredSeries::At(UtcTime at, Duration lookback) const {
  const Sample* const sample = samples.NewestUntil(at);
  if (sample == nullptr || sample->time <= at - lookback) return nullptr;
  const bool ended =
      std::ranges::any_of(stale, [&](UtcTime time) { return time > sample->time && time <= at; });
  return ended ? nullptr : sample;
}

void SeriesStore::Rewire(std::span<Selection* const> selections, LabelPool& pool,
                         std::span<const UtcTime> decided) {
  pool_ = &pool;
  by_name_.clear();
  by_other_labels_.clear();
  for (Selection* const selection : selections) {
    selection->series.clear();
    const std::string_view name = selection->selector.name();
    (name.empty() ? by_other_labels_ : by_name_[name]).push_back(selection);
  }
  audiences_.clear();
  audiences_of_.assign(decided.size(), {});
  decided_.assign(decided.begin(), decided.end());
  sleeping_.assign(decided.size(), false);
  std::vector<std::unique_ptr<StoredSeries>> before = std::move(stored_);
  stored_.clear();
  std::vector<Entry> entries = std::move(entries_);
  entries_.assign(entries.size(), {});
  for (std::unique_ptr<StoredSeries>& old : before) {
    StoredSeries* const stored = Find(*old->series);
    if (stored == nullptr) {
      reserved_ -= old->samples.capacity();
      continue;
    }
    stored->samples = std::move(old->samples);
    stored->stale = std::move(old->stale);
    if (stored->samples.size() > 0) {
      UtcTime& newest = stored->audience->newest;
      newest = std::max(newest, stored->samples.newest().time);
    }
  }
}

bool SeriesStore::Record(const Series& series, Sample sample) {
  StoredSeries* const stored = Find(series);
  if (stored == nullptr) return false;
  if (stored->audience->sleeping) AddSorted(roused_, stored->audience->groups);
  Insert(*stored, sample);
  return true;
}

bool SeriesStore::MarkStale(const Series& series, UtcTime time) {
  StoredSeries* const stored = Find(series);
  if (stored == nullptr) return false;
  std::vector<UtcTime>& stale = stored->stale;
  std::erase_if(stale,
                [&](UtcTime old) { return old <= stored->audience->evaluated - stored->reach; });
  if (stale.size() >= kMostEnds) stale.erase(stale.begin());
  stale.insert(std::ranges::upper_bound(stale, time), time);
  return true;
}

void SeriesStore::Clear() {
  for (auto& [groups, audience] : audiences_) audience.newest = kNever;
  for (const std::unique_ptr<StoredSeries>& stored : stored_) {
    reserved_ -= stored->samples.capacity();
    stored->samples = {};
    stored->stale.clear();
  }
}

std::vector<SavedWindow> SeriesStore::Save() const {
  std::vector<SavedWindow> windows;
  for (const std::unique_ptr<StoredSeries>& stored : stored_) {
    const UtcTime horizon = stored->audience->evaluated - stored->reach;
    SavedWindow window{{stored->series->name, stored->series->labels}, {}, stored->stale};
    for (std::size_t i = 0; i < stored->samples.size(); ++i) {
      if (stored->samples[i].time > horizon) window.samples.push_back(stored->samples[i]);
    }
    if (!window.samples.empty() || !window.ends.empty()) windows.push_back(std::move(window));
  }
  return windows;
}

std::size_t SeriesStore::sample_count() const {
  std::size_t count = 0;
  for (const std::unique_ptr<StoredSeries>& stored : stored_) count += stored->samples.size();
  return count;
}

void SeriesStore::Restore(const Series& series, const SavedWindow& window) {
  StoredSeries* const stored = Find(series);
  if (stored == nullptr) return;
  for (const Sample& sample : window.samples) Insert(*stored, sample);
  stored->stale.assign(window.ends.begin(), window.ends.end());
  std::ranges::sort(stored->stale);
}

void SeriesStore::Decide(GroupId group, UtcTime at) {
  decided_[group] = at;
  for (Audience* const audience : audiences_of_[group]) {
    audience->decided = std::max(audience->decided, at);
    audience->evaluated = at;
    for (const GroupId other : audience->groups) {
      audience->evaluated = std::min(audience->evaluated, decided_[other]);
    }
  }
}

UtcTime SeriesStore::NewestFor(GroupId group) const {
  UtcTime newest = kNever;
  for (const Audience* const audience : audiences_of_[group])
    newest = std::max(newest, audience->newest);
  return newest;
}

void SeriesStore::SetSleeping(GroupId group, bool sleeping) {
  sleeping_[group] = sleeping;
  for (Audience* const audience : audiences_of_[group]) {
    audience->sleeping = AnySleeps(audience->groups);
  }
}

bool SeriesStore::AnySleeps(const std::vector<GroupId>& groups) const {
  return std::ranges::any_of(groups, [&](GroupId group) { return sleeping_[group]; });
}

StoredSeries* SeriesStore::FirstSight(const Series& series) {
  if (series.id >= entries_.size()) entries_.resize(series.id + 1);
  Entry& entry = entries_[series.id];
  entry.seen = true;
  std::vector<GroupId> groups;
  if (const auto named = by_name_.find(series.name); named != by_name_.end()) {
    for (Selection* const selection : named->second) Match(*selection, series, entry, groups);
  }
  for (Selection* const selection : by_other_labels_) Match(*selection, series, entry, groups);
  if (entry.stored != nullptr) entry.stored->audience = AudienceOf(groups);
  return entry.stored;
}

void SeriesStore::Match(Selection& selection, const Series& series, Entry& entry,
                        std::vector<GroupId>& groups) {
  if (!selection.selector.Matches(series)) return;
  if (entry.stored == nullptr) {
    entry.stored = stored_.emplace_back(std::make_unique<StoredSeries>()).get();
    entry.stored->series = &series;
    // Never that of an earlier series at this address: a sliding aggregate would go on with its
    // sums.
    entry.stored->revision = ++made_ << 32U;
    entry.stored->labels = NamedLabels(series, *pool_);
  }
  entry.stored->reach = std::max(entry.stored->reach, selection.reach);
  const auto at = std::ranges::upper_bound(selection.series, entry.stored, Before);
  selection.series.insert(at, entry.stored);
  AddSorted(groups, selection.groups);
}

Audience* SeriesStore::AudienceOf(const std::vector<GroupId>& groups) {
  const auto [entry, is_new] = audiences_.try_emplace(groups);
  Audience& audience = entry->second;
  if (!is_new) return &audience;
  audience.groups = groups;
  audience.evaluated = decided_[groups.front()];
  for (const GroupId group : groups) {
    audience.decided = std::max(audience.decided, decided_[group]);
    audience.evaluated = std::min(audience.evaluated, decided_[group]);
    audiences_of_[group].push_back(&audience);
  }
  audience.sleeping = AnySleeps(groups);
  return &audience;
}

void SeriesStore::Insert(StoredSeries& stored, Sample sample) {
  Audience& audience = *stored.audience;
  audience.newest = std::max(audience.newest, sample.time);
  SampleRing& ring = stored.samples;
  if (const Sample* const before = ring.NewestUntil(sample.time);
      before != nullptr && before->time == sample.time) {
    return;  // the first of its time stays
  }
  if (ring.full() && !MakeRoom(stored)) {
    // At the bound the newest samples stay.
    ++dropped_;
    ++stored.revision;
    if (ring.size() == 0 || sample.time < ring.oldest().time) return;
    ring.DropOldest();
  }
  if (sample.time <= stored.aggregated_until) ++stored.revision;
  ring.Insert(sample);
}

bool SeriesStore::MakeRoom(StoredSeries& stored) {
  SampleRing& ring = stored.samples;
  ring.DropUntil(stored.audience->evaluated - stored.reach);
  const std::size_t capacity = ring.capacity();
  if (ring.size() * 8 < capacity && capacity > kSmallestRing) {
    Resize(ring, capacity / 2);
  } else if (ring.size() * 4 > capacity * 3 || capacity == 0) {
    const std::size_t larger = std::max(kSmallestRing, capacity * 2);
    if (reserved_ + larger - capacity <= max_samples_) Resize(ring, larger);
  }
  return !ring.full();
}

void SeriesStore::Resize(SampleRing& ring, std::size_t capacity) {
  reserved_ += capacity;
  reserved_ -= ring.capacity();
  ring.Resize(capacity);
}

}  // namespace fleet_edge::rules
