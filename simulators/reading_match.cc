#include "simulators/reading_match.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/signal.h"
#include "core/time.h"
#include "simulators/promise.h"
#include "simulators/report.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

/// True when `delivered` is no further from `sent` than the signal's declared resolution makes it.
bool SameValue(const std::string& signal, double sent, double delivered) {
  double forced = 0;
  if (const Signal* const catalogued = FindSignal(signal)) {
    const double power = std::pow(10, catalogued->decimals);
    forced = std::abs(std::round(sent * power) / power - sent);
  }
  constexpr double kRounding = 1e-12;  // of the division by a power of ten, on both sides
  return std::abs(delivered - sent) <= forced + kRounding * std::max(1.0, std::abs(sent));
}

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
  if (made) series_.push_back({.vehicle = vehicle, .name = series, .sent = {}, .delivered = {}});
  return entry->second;
}

void ReadingMatch::Expect(Slot slot, UtcTime time, double value, std::uint64_t message) {
  series_[slot].sent.push_back({.time = time, .value = value, .message = message});
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
