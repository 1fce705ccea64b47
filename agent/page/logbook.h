#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/page/track.h"
#include "agent/pipeline/board.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/alert_source.h"
#include "rules/geofence.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {

/// What the status page tells beyond the moment: where the vehicle has been, and of each alert on
/// the board the rule and the values that led to it.
///
/// Owned by App; any thread. It looks at the board instead of being told by the pipeline, whose
/// work stays the same: the board's ten seconds are longer than the second between two looks.
class Logbook {
 public:
  /// The values of one series before an alert fired.
  struct Window {
    const Series* series = nullptr;
    std::vector<Board::Point> points;
  };

  /// One time that an alert was active.
  struct Story {
    std::uint64_t id = 0;  ///< counts stories
    rules::AlertEvent event;
    std::optional<UtcTime> fired;             ///< the instant; nothing while it is pending
    std::vector<rules::AlertSource> sources;  ///< the rules of its name when it was first seen
    std::vector<Window> windows;
  };

  /// All that is told. A value.
  struct Notice {
    std::uint64_t revision = 0;  ///< grows with stories, fences and series, not with each value
    std::vector<Story> active;   ///< in the board's order
    std::vector<Story> past;     ///< likewise
    std::vector<Track::Point> track;
    rules::Geofences fences;
  };

  static constexpr std::size_t kWindowsPerAlert = 4;  ///< further series are left out
  static constexpr std::size_t kRulesPerAlert = 3;    ///< of one name; further ones are left out
  static constexpr Duration kPaceAfterBoard =
      std::chrono::seconds{5};                          ///< of values older than its
  static constexpr std::size_t kPointsAfterBoard = 48;  ///< of those: four minutes

  /// Which rules are in force. `files` have no errors. They are read with the next board, so that
  /// no start waits for it.
  void NoteRules(std::vector<rules::RuleText> files);

  /// Called each second, and before Look() by who can't wait for that.
  void NoteBoard(const Board::Notice& board);

  Notice Look() const;
  std::uint64_t revision() const;

 private:
  using Points = std::vector<Board::Point>;

  void ReadRules();
  void KeepValues(const Board::Notice& board);
  void KeepTrack(const Board::Notice& board);
  std::vector<Story> Tell(const Board::Notice& board, const std::vector<rules::AlertEvent>& events,
                          std::vector<Story>& known);
  Story Begin(const rules::AlertEvent& event);
  std::vector<Window> WindowsOf(const Board::Notice& board, const Story& story,
                                UtcTime fired) const;
  Window WindowOf(const Board::Shown& shown, UtcTime from, UtcTime until) const;

  // Told and looked at on the main thread and on the HTTP server's.
  mutable std::mutex mutex_;
  // All guarded by mutex_.
  std::optional<std::vector<rules::RuleText>> files_;  // to be read
  rules::AlertSources sources_;
  std::map<const Series*, Points> older_;  // values that the board may have let go, as many series
  Track track_;
  std::size_t series_ = 0;
  std::uint64_t stories_ = 0;
  BootTime posted_;  // of the board that was noted last
  Notice notice_;
};

}  // namespace fleet_edge::agent
