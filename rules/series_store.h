#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/series.h"
#include "core/time.h"
#include "rules/label_pool.h"
#include "rules/sample_ring.h"
#include "rules/saved_state.h"
#include "rules/selector.h"

namespace fleet_edge::rules {

/// Groups of rules by their place in the program.
using GroupId = std::uint32_t;

/// Before any time that a reading can have, and safe to subtract ranges from.
inline constexpr UtcTime kNever{Duration{std::numeric_limits<std::int64_t>::min() / 2}};

/// What series with the same readers share.
struct Audience {
  std::vector<GroupId> groups;  ///< that want the series, ascending
  UtcTime decided =
      kNever;  ///< the last instant that any of them decided: what is not later comes too late
  UtcTime evaluated = kNever;  ///< the last instant that all of them decided
  UtcTime newest = kNever;     ///< of all samples
  bool sleeping = false;       ///< some of the groups wait for the next sample
};

/// A series that some rule wants, with its samples.
struct StoredSeries {
  const Series* series = nullptr;
  const LabelSet* labels = nullptr;  ///< in the pool of the program in force
  Audience* audience = nullptr;      ///< null: no rule of the program in force wants it
  Duration reach{};                  ///< how far back from an instant rules look
  SampleRing samples;
  UtcTime aggregated_until = kNever;  ///< sliding aggregates have seen samples up to here
  std::uint64_t revision = 0;         ///< counts changes among what they have seen
  std::vector<UtcTime> stale;         ///< when it was said to have ended, ascending

  /// The newest sample with at − lookback < time <= at, unless the series ended since. Null when
  /// there is none.
  const Sample* At(UtcTime at, Duration lookback) const;
};

/// The series that a selector asks for; kept up to date by the store.
struct Selection {
  Selector selector;
  Duration reach{};
  std::vector<GroupId> groups{};  ///< ascending
  std::vector<StoredSeries*>
      series{};  ///< by name and labels, so that results don't depend on the order of arrival
};

/// Keeps the samples that rules may still ask for, and no others.
///
/// Owned by the engine, on its thread. Which selections want a series is decided at its first
/// sight. Bounded by `max_samples` over all series: at the bound a series that would grow forgets
/// its oldest sample instead, which is counted.
class SeriesStore {
 public:
  explicit SeriesStore(std::size_t max_samples) : max_samples_(max_samples) {}

  /// Serves the selections of a new program from now on; `decided` has the last instant of each of
  /// its groups. Samples that are still wanted stay. The selections and the pool live until the
  /// next call.
  void Rewire(std::span<Selection* const> selections, LabelPool& pool,
              std::span<const UtcTime> decided);

  /// Null when no rule wants the series. O(1) after the first sight.
  StoredSeries* Find(const Series& series) {
    if (series.id < entries_.size() && entries_[series.id].seen) return entries_[series.id].stored;
    return FirstSight(series);
  }

  /// O(1) when samples come in order. False when the time is not later than the last decided
  /// instant of a group that wants it.
  bool Add(StoredSeries& stored, Sample sample) {
    if (sample.time <= stored.audience->decided) return false;
    Insert(stored, sample);
    return true;
  }

  /// The same for a result of a rule, which is never late. False when no rule wants it.
  bool Record(const Series& series, Sample sample);

  /// The series ended: instant selectors no longer see it. False when no rule wants it.
  bool MarkStale(const Series& series, UtcTime time);

  /// True when a selector may ask for series called `name`.
  bool Wants(std::string_view name) const {
    return by_name_.contains(name) || !by_other_labels_.empty();
  }

  /// Forgets all series and samples; what rules want stays known.
  void Clear();

  /// The samples that may still be asked for, and their number.
  std::vector<SavedWindow> Save() const;
  std::size_t sample_count() const;

  /// Puts saved samples back where rules want them.
  void Restore(const Series& series, const SavedWindow& window);

  /// `group` has decided the instant `at`.
  void Decide(GroupId group, UtcTime at);

  /// The newest sample among the series that `group` wants.
  UtcTime NewestFor(GroupId group) const;

  /// Says whether `group` waits for a sample instead of deciding instants: Audience::sleeping
  /// follows.
  void SetSleeping(GroupId group, bool sleeping);

  /// The groups that were sleeping when Record() had a sample for them, since the last call.
  std::vector<GroupId> TakeRoused() { return std::exchange(roused_, {}); }

  /// Samples that were forgotten or not taken because of the bound.
  std::uint64_t dropped() const { return dropped_; }
  /// Samples for which there is memory.
  std::size_t reserved() const { return reserved_; }

 private:
  struct Entry {
    bool seen = false;  ///< by the program in force
    StoredSeries* stored = nullptr;
  };

  StoredSeries* FirstSight(const Series& series);
  void Match(Selection& selection, const Series& series, Entry& entry,
             std::vector<GroupId>& groups);
  bool AnySleeps(const std::vector<GroupId>& groups) const;
  Audience* AudienceOf(const std::vector<GroupId>& groups);
  void Insert(StoredSeries& stored, Sample sample);
  bool MakeRoom(StoredSeries& stored);
  void Resize(SampleRing& ring, std::size_t capacity);

  const std::size_t max_samples_;
  std::size_t reserved_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t made_ = 0;  // series, in the store's life

  std::vector<Entry> entries_;  // by Series::id
  std::vector<std::unique_ptr<StoredSeries>> stored_;

  // Of the program in force.
  LabelPool* pool_ = nullptr;
  std::unordered_map<std::string_view, std::vector<Selection*>> by_name_;
  std::vector<Selection*> by_other_labels_;
  std::map<std::vector<GroupId>, Audience> audiences_;
  std::vector<std::vector<Audience*>> audiences_of_;  // by group
  std::vector<UtcTime> decided_;                      // by group
  std::vector<bool> sleeping_;                        // by group
  std::vector<GroupId> roused_;
};

}  // namespace fleet_edge::rules
