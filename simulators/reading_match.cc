#include "simulators/reading_match.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/report.h"
#include "simulators/same_value.h"
#include "simulators/series_name.h"
#include "simulators/stamped_match.h"

namespace fleet_edge::simulators {
namespace {

/// The front part of `rest`, which is sorted, that has the time `at`; cut off from it.
template <typename T>
std::span<const T> TakeInstant(UtcTime at, std::span<const T>& rest) {
  std::size_t count = 0;
  while (count < rest.size() && rest[count].time == at) ++count;
  const std::span<const T> front = rest.first(count);
  rest = rest.subspan(count);
  return front;
}

void Find(Report& report, const char* what, const std::string& vehicle, const SeriesName& name,
          UtcTime time, const std::string& more = {}) {
  if (report.findings.size() >= kMaxFindings) return;
  report.findings.push_back(std::string(what) + ": " + vehicle + " " + name.name +
                            ToString(name.labels) + " of " + ToString(time) + more);
}

}  // namespace

ReadingMatch::Slot ReadingMatch::SlotOf(const std::string& vehicle, const SeriesName& series) {
  const auto [entry, made] = slots_.try_emplace({vehicle, series}, series_.size());
  if (made)
    series_.push_back(
        {.vehicle = vehicle, .name = series, .stamp = {}, .sent = {}, .delivered = {}});
  return entry->second;
}

void ReadingMatch::Expect(Slot slot, UtcTime time, double value, std::uint64_t message) {
  series_[slot].sent.push_back({.time = time, .value = value, .message = message});
}

void ReadingMatch::ExpectNothing(Slot slot, UtcTime time) {
  series_[slot].sent.push_back(
      {.time = time, .value = std::numeric_limits<double>::quiet_NaN(), .message = 0});
}

void ReadingMatch::Deliver(Slot slot, UtcTime time, double value, bool good) {
  series_[slot].delivered.push_back({.time = time, .value = value, .good = good});
}

void ReadingMatch::SetUnacknowledged(std::span<const std::uint64_t> messages) {
  unacknowledged_.insert(messages.begin(), messages.end());
}

void ReadingMatch::Compare(const Promise& promise, Report& report) const {
  for (const Series& series : series_) {
    if (series.sent.empty()) {
      report.readings.other += series.delivered.size();
    } else if (series.stamp != Stamp::kSource) {
      CompareStamped(series, promise, report);
    } else {
      Compare(series, promise, report);
    }
  }
}

void ReadingMatch::Compare(const Series& series, const Promise& promise, Report& report) const {
  std::ranges::stable_sort(series.sent, {}, &Sent::time);
  std::ranges::stable_sort(series.delivered, {}, &Delivered::time);
  std::span<const Sent> sent = series.sent;
  std::span<const Delivered> delivered = series.delivered;
  const UtcTime begin = sent.front().time;
  const UtcTime end = sent.back().time;
  while (!sent.empty() || !delivered.empty()) {
    const UtcTime at = sent.empty()        ? delivered.front().time
                       : delivered.empty() ? sent.front().time
                                           : std::min(sent.front().time, delivered.front().time);
    const std::span<const Sent> sent_now = TakeInstant(at, sent);
    const std::span<const Delivered> delivered_now = TakeInstant(at, delivered);
    if (sent_now.empty() && (at < begin || at > end)) {
      report.readings.other += delivered_now.size();  // of another run
    } else {
      CompareInstant(series, sent_now, delivered_now, promise, report);
    }
  }
}

void ReadingMatch::CompareStamped(const Series& series, const Promise& promise,
                                  Report& report) const {
  std::ranges::stable_sort(series.sent, {}, &Sent::time);
  std::ranges::stable_sort(series.delivered, {}, &Delivered::time);
  std::vector<Said> said;
  said.reserve(series.sent.size());
  for (const Sent& sent : series.sent) {
    said.push_back({.time = sent.time, .value = sent.value, .nothing = std::isnan(sent.value)});
  }
  std::vector<Heard> heard;
  for (const Delivered& delivered : series.delivered) {
    if (delivered.good) heard.push_back({.time = delivered.time, .value = delivered.value});
  }
  report.readings.not_good += series.delivered.size() - heard.size();
  const bool looks = series.stamp == Stamp::kLook;
  const std::string& signal = series.name.name;
  for (const StampedFinding& finding :
       looks ? MatchLooks(signal, said, heard) : MatchArrivals(signal, said, heard)) {
    Note(series, finding, promise, report);
  }
}

void ReadingMatch::Note(const Series& series, const StampedFinding& finding, const Promise& promise,
                        Report& report) const {
  using Kind = StampedFinding::Kind;
  Report::Readings& readings = report.readings;
  const bool acknowledged = !unacknowledged_.contains(series.sent[finding.said].message);
  const bool promised = promise.Covers(series.vehicle, finding.time);
  const auto find = [&](const char* what, const std::string& more = {}) {
    Find(report, what, series.vehicle, series.name, finding.time, more);
  };
  switch (finding.kind) {
    case Kind::kArrived:
      readings.expected += acknowledged ? 1 : 0;
      readings.arrived += acknowledged ? 1 : 0;
      return;
    case Kind::kMissing:
      readings.expected += acknowledged ? 1 : 0;
      if (!acknowledged || !promised) {
        ++readings.unpromised;
        return;
      }
      ++readings.lost;
      return find("lost");
    case Kind::kDuplicated:
      if (!promised) {
        ++readings.redelivered;
        return;
      }
      ++readings.duplicated;
      return find("duplicated");
    case Kind::kAltered:
      ++readings.altered;
      return find("altered", ": said " + std::to_string(finding.truth) + ", arrived " +
                                 std::to_string(finding.heard));
    case Kind::kInvented:
      ++readings.invented;
      return find("invented");
    case Kind::kOther:
      ++readings.other;
      return;
  }
}

void ReadingMatch::CompareInstant(const Series& series, std::span<const Sent> sent,
                                  std::span<const Delivered> delivered, const Promise& promise,
                                  Report& report) const {
  Report::Readings& readings = report.readings;
  const UtcTime at = sent.empty() ? delivered.front().time : sent.front().time;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const bool acknowledged = !unacknowledged_.contains(sent[i].message);
    readings.expected += acknowledged ? 1 : 0;
    if (i < delivered.size()) {
      readings.arrived += acknowledged ? 1 : 0;
    } else if (!acknowledged || !promise.Covers(series.vehicle, at)) {
      ++readings.unpromised;
    } else {
      ++readings.lost;
      Find(report, "lost", series.vehicle, series.name, at);
    }
  }
  for (std::size_t i = 0; i < delivered.size(); ++i) {
    readings.not_good += delivered[i].good ? 0 : 1;
    if (sent.empty()) {
      ++readings.invented;
      Find(report, "invented", series.vehicle, series.name, at);
      continue;
    }
    const double truth = sent[std::min(i, sent.size() - 1)].value;
    if (!SameValue(series.name.name, truth, delivered[i].value)) {
      ++readings.altered;
      Find(report, "altered", series.vehicle, series.name, at,
           ": sent " + std::to_string(truth) + ", arrived " + std::to_string(delivered[i].value));
    }
    if (i < sent.size()) continue;
    if (promise.Covers(series.vehicle, at)) {
      ++readings.duplicated;
      Find(report, "duplicated", series.vehicle, series.name, at);
    } else {
      ++readings.redelivered;
    }
  }
}

}  // namespace fleet_edge::simulators
