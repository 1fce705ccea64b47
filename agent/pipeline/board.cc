#include "agent/pipeline/board.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

void Board::History::Add(Point point) {
  // The clock was set back: the values before it stand in a future that will not come.
  if (size_ > 0 && at(size_ - 1).time - point.time > std::chrono::minutes{1}) size_ = 0;
  if (size_ > 0 && point.time - at(size_ - 1).time < kSpacing) return;
  points_.at(next_) = point;
  next_ = (next_ + 1) % kPoints;
  size_ = std::min(size_ + 1, kPoints);
}

Board::Shown* Board::Find(const Series& series) {
  if (series.id >= places_.size()) {
    places_.resize(series.id + 1, kUnseen);
    hidden_.resize(series.id + 1, false);
  }
  std::uint32_t& place = places_[series.id];
  if (place == kUnseen && work_.series.size() < kMaxSeries) {
    place = static_cast<std::uint32_t>(work_.series.size());
    work_.series.emplace_back().series = &series;
  }
  if (place != kUnseen) return &work_.series[place];
  if (!hidden_[series.id]) ++work_.hidden_series;
  hidden_[series.id] = true;
  return nullptr;
}

void Board::NoteReading(const Reading& reading, BootTime now) {
  if (reading.driver > 0 && reading.driver <= work_.heard.size() &&
      reading.quality != Quality::kStale) {
    std::optional<BootTime>& heard = work_.heard[reading.driver - 1U];
    if (!heard) next_post_.reset();  // nobody is to read of a driver that reads: not heard yet
    heard = now;
  }
  Shown* const shown = Find(*reading.series);
  if (shown == nullptr) return;
  shown->quality = reading.quality;
  shown->driver = reading.driver;
  if (reading.quality == Quality::kStale || !std::isfinite(reading.value)) return;
  shown->time = reading.time;
  shown->value = reading.value;
  if (reading.quality == Quality::kGood) shown->history.Add({reading.time, reading.value});
}

void Board::NoteAlert(const rules::AlertEvent& event) {
  alerts_changed_ = true;
  next_post_.reset();
  const auto known = std::ranges::find_if(work_.active, [&event](const rules::AlertEvent& active) {
    return active.alert == event.alert && active.labels == event.labels;
  });
  const bool active =
      event.state == rules::AlertState::kPending || event.state == rules::AlertState::kFiring;
  if (active && known != work_.active.end()) {
    *known = event;
  } else if (active && work_.active.size() < kMaxActive) {
    work_.active.push_back(event);
  } else if (active) {
    ++work_.hidden_alerts;
  } else if (known != work_.active.end()) {
    work_.active.erase(known);
    if (work_.active.empty()) work_.hidden_alerts = 0;
  }
  if (event.state != rules::AlertState::kResolved) return;
  work_.past.push_front(event);
  if (work_.past.size() > kMaxPast) work_.past.pop_back();
}

void Board::Post(BootTime now) {
  if (next_post_ && now < *next_post_) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  next_post_ = now + kPostEvery;
  posted_.posted = now;
  posted_.series = work_.series;
  posted_.hidden_series = work_.hidden_series;
  posted_.rules = work_.rules;
  posted_.heard = work_.heard;
  if (!alerts_changed_) return;
  alerts_changed_ = false;
  posted_.active = work_.active;
  posted_.past = work_.past;
  posted_.hidden_alerts = work_.hidden_alerts;
}

Board::Notice Board::Look() const {
  const std::lock_guard lock(mutex_);
  return posted_;
}

}  // namespace fleet_edge::agent
