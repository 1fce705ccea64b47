#include "agent/page/logbook.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/page/track.h"
#include "agent/pipeline/board.h"
#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/alert_source.h"
#include "rules/geofence.h"
#include "rules/geojson.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {
namespace {

/// A window is shown with a fifth of itself before it, and never shorter than this.
constexpr Duration kShortestWindow = std::chrono::seconds{10};

bool SameTime(const rules::AlertEvent& a, const rules::AlertEvent& b) {
  return a.alert == b.alert && a.active_since == b.active_since && a.labels == b.labels;
}

/// False when a label that both have differs.
bool Fits(const Series& series, const Labels& alert) {
  return std::ranges::all_of(series.labels, [&alert](const Labels::Pair& label) {
    const std::string_view value = alert.Get(label.first);
    return value.empty() || value == label.second;
  });
}

bool AsksFor(const rules::AlertSource& source, const Series& series) {
  return std::ranges::any_of(source.inputs,
                             [&series](const auto& input) { return input.second.Matches(series); });
}

/// The good last value of a series with this name, and with these labels if there are any given.
const Board::Shown* Find(const Board::Notice& board, std::string_view name, const Labels* labels) {
  const auto found = std::ranges::find_if(board.series, [&](const Board::Shown& shown) {
    return shown.series->name == name && shown.quality == Quality::kGood &&
           (labels == nullptr || shown.series->labels == *labels);
  });
  return found == board.series.end() ? nullptr : &*found;
}

}  // namespace

void Logbook::NoteRules(std::vector<rules::RuleText> files) {
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
}

void Logbook::ReadRules() {
  if (!files_) return;
  Diagnostics findings;
  sources_ = rules::ReadAlertSources(*files_);
  notice_.fences = rules::ReadGeofences(*files_, findings);
  files_.reset();
  ++notice_.revision;
}

void Logbook::NoteBoard(const Board::Notice& board) {
  const std::lock_guard lock(mutex_);
  if (board.posted < posted_) return;  // another thread has noted a newer one
  posted_ = board.posted;
  ReadRules();
  KeepTrack(board);
  if (std::exchange(series_, board.series.size()) != board.series.size()) ++notice_.revision;
  std::vector<Story> known = std::move(notice_.active);
  std::ranges::move(notice_.past, std::back_inserter(known));
  notice_.active = Tell(board, board.active, known);
  notice_.past = Tell(board, {board.past.begin(), board.past.end()}, known);
  KeepValues(board);
}

void Logbook::KeepValues(const Board::Notice& board) {
  for (const Board::Shown& shown : board.series) {
    Points& points = older_[shown.series];
    const std::size_t size = shown.history.size();
    // The clock was set back: the history began anew.
    if (size > 0 && !points.empty() && shown.history.at(size - 1).time < points.back().time) {
      points.clear();
    }
    for (std::size_t i = 0; i < size; ++i) {
      const Board::Point& point = shown.history.at(i);
      if (!points.empty() && point.time - points.back().time < kPaceAfterBoard) continue;
      if (points.size() == kPointsAfterBoard) points.erase(points.begin());
      points.push_back(point);
    }
  }
}

void Logbook::KeepTrack(const Board::Notice& board) {
  const Board::Shown* const latitude = Find(board, "latitude_deg", nullptr);
  if (latitude == nullptr) return;
  const Board::Shown* const longitude = Find(board, "longitude_deg", &latitude->series->labels);
  if (longitude == nullptr || longitude->time != latitude->time) return;
  track_.Add({latitude->time, {latitude->value, longitude->value}});
}

std::vector<Logbook::Story> Logbook::Tell(const Board::Notice& board,
                                          const std::vector<rules::AlertEvent>& events,
                                          std::vector<Story>& known) {
  std::vector<Story> stories;
  stories.reserve(events.size());
  for (const rules::AlertEvent& event : events) {
    const auto found = std::ranges::find_if(
        known, [&event](const Story& story) { return SameTime(story.event, event); });
    Story& story = stories.emplace_back(found == known.end() ? Begin(event) : std::move(*found));
    if (found != known.end()) known.erase(found);
    bool changed = story.event.state != event.state;
    story.event = event;
    if (event.state == rules::AlertState::kFiring && !story.fired) story.fired = event.at;
    if (event.state == rules::AlertState::kResolved && !story.fired) {
      story.fired = event.active_since;  // it came and went between two looks
    }
    if (story.fired && story.windows.empty()) {
      story.windows = WindowsOf(board, story, *story.fired);
      changed = changed || !story.windows.empty();
    }
    if (changed) ++notice_.revision;
  }
  return stories;
}

Logbook::Story Logbook::Begin(const rules::AlertEvent& event) {
  Story story;
  story.id = ++stories_;
  auto [source, end] = sources_.equal_range(event.alert);
  for (; source != end && story.sources.size() < kRulesPerAlert; ++source) {
    story.sources.push_back(source->second);
  }
  return story;
}

std::vector<Logbook::Window> Logbook::WindowsOf(const Board::Notice& board, const Story& story,
                                                UtcTime fired) const {
  std::vector<Window> windows;
  Duration reach = kShortestWindow;
  for (const rules::AlertSource& source : story.sources) reach = std::max(reach, source.reach);
  for (const Board::Shown& shown : board.series) {
    if (windows.size() == kWindowsPerAlert) break;
    const bool asked = std::ranges::any_of(
        story.sources,
        [&shown](const rules::AlertSource& source) { return AsksFor(source, *shown.series); });
    if (!asked || !Fits(*shown.series, story.event.labels)) continue;
    Window window = WindowOf(shown, fired - reach - reach / 5, fired);
    if (!window.points.empty()) windows.push_back(std::move(window));
  }
  return windows;
}

Logbook::Window Logbook::WindowOf(const Board::Shown& shown, UtcTime from, UtcTime until) const {
  Window window{.series = shown.series, .points = {}};
  const auto add = [&](const Board::Point& point) {
    if (point.time > from && point.time <= until) window.points.push_back(point);
  };
  const auto older = older_.find(shown.series);
  if (older != older_.end()) {
    for (const Board::Point& point : older->second) {
      if (shown.history.size() == 0 || point.time < shown.history.at(0).time) add(point);
    }
  }
  for (std::size_t i = 0; i < shown.history.size(); ++i) add(shown.history.at(i));
  return window;
}

Logbook::Notice Logbook::Look() const {
  const std::lock_guard lock(mutex_);
  Notice notice = notice_;
  notice.track = track_.points();
  return notice;
}

std::uint64_t Logbook::revision() const {
  const std::lock_guard lock(mutex_);
  return notice_.revision;
}

}  // namespace fleet_edge::agent
