#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

/// What the pipeline shows of itself to who looks at the agent: the last value of each series with
/// some ten seconds before it, when each driver was heard, and alerts.
///
/// Owned by App. Note…() and Post() are called on the pipeline's thread, which never waits: while a
/// reader holds what was posted, Post() leaves it to the next one. Look() on any thread.
class Board {
 public:
  struct Point {
    UtcTime time;
    double value = 0;
  };

  /// The last good values, `kSpacing` apart at least. A value.
  class History {
   public:
    static constexpr std::size_t kPoints = 48;
    static constexpr Duration kSpacing = std::chrono::milliseconds{220};

    /// Left out: what comes less than kSpacing after the last point, or before it.
    void Add(Point point);

    std::size_t size() const { return size_; }
    /// From the oldest, 0, on. Precondition: place < size().
    const Point& at(std::size_t place) const {
      return points_.at((next_ + kPoints - size_ + place) % kPoints);
    }

   private:
    std::array<Point, kPoints> points_{};
    std::size_t size_ = 0;
    std::size_t next_ = 0;
  };

  struct Shown {
    const Series* series = nullptr;
    UtcTime time;                      ///< of the last reading that told a value
    double value = 0;                  ///< of it, in the series' unit
    Quality quality = Quality::kGood;  ///< of the last reading
    std::uint16_t driver = 0;          ///< its place in the configuration's list, from 1
    History history;
  };

  /// All that is shown. A value.
  struct Notice {
    BootTime posted;                             ///< when
    std::vector<Shown> series;                   ///< in the order of first sight
    std::uint64_t hidden_series = 0;             ///< beyond kMaxSeries
    std::size_t rules = 0;                       ///< in force
    std::string rule_failure;                    ///< the last rule without a result, and why
    std::vector<std::optional<BootTime>> heard;  ///< by driver's place − 1: its last reading
    std::vector<rules::AlertEvent> active;       ///< pending or firing, in the order they began
    std::deque<rules::AlertEvent> past;          ///< resolved, newest first
    std::uint64_t hidden_alerts = 0;  ///< that began beyond kMaxActive, since none was active
  };

  static constexpr std::size_t kMaxSeries = 512;  ///< shown; others are counted, and work as ever
  static constexpr std::size_t kMaxActive = 200;
  static constexpr std::size_t kMaxPast = 50;  ///< the oldest goes
  static constexpr Duration kPostEvery = std::chrono::milliseconds{500};

  explicit Board(std::size_t drivers) {
    work_.heard.resize(drivers);
    posted_.heard.resize(drivers);
  }

  /// A reading that has its quality.
  void NoteReading(const Reading& reading, BootTime now);

  /// A change of an alert's state; at the start those that fire.
  void NoteAlert(const rules::AlertEvent& event);

  /// How many rules are in force now.
  void NoteRules(std::size_t count) { work_.rules = count; }

  /// A rule had no result: which, and why, for people.
  void NoteRuleFailure(std::string what) { work_.rule_failure = std::move(what); }

  /// Shows what was noted: after an alert or a driver's first reading at once, else every
  /// kPostEvery.
  void Post(BootTime now);

  Notice Look() const;

 private:
  static constexpr std::uint32_t kUnseen = ~std::uint32_t{0};

  Shown* Find(const Series& series);

  Notice work_;                        // the pipeline's own
  std::vector<std::uint32_t> places_;  // in work_.series, by Series::id, which the registry bounds
  std::vector<bool> hidden_;           // by Series::id: counted in hidden_series
  std::optional<BootTime> next_post_;  // nothing: at once
  bool alerts_changed_ = false;

  // Readers of other threads have no place in the pipeline's queue; it only tries this lock.
  mutable std::mutex mutex_;
  Notice posted_;  // guarded by mutex_
};

}  // namespace fleet_edge::agent
