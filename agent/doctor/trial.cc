#include "agent/doctor/trial.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "agent/doctor/deadline.h"
#include "agent/doctor/log_ear.h"
#include "agent/doctor/mqtt_tap.h"
#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/table.h"

namespace fleet_edge::agent::doctor {
namespace {

using std::chrono::milliseconds;

constexpr Duration kLook = milliseconds{100};
constexpr std::size_t kQueue = 16'384;
// A driver whose source tells the names has shown enough when nothing new has come for so long.
constexpr Duration kSettled = std::chrono::seconds{2};

/// Kinds that are told each series by name: what doesn't come is missing.
bool NamesItsSeries(const std::string& kind) {
  return kind == "mqtt" || kind == "modbus" || kind == "sysfs";
}

std::string SignalOf(const std::string& series) { return series.substr(0, series.find('{')); }

/// Whether `arrived` is what `wanted` means, whose labels' values may be in braces.
bool Means(const std::string& wanted, const std::string& arrived) {
  if (wanted == arrived) return true;
  return wanted.find("\"{") != std::string::npos && SignalOf(wanted) == SignalOf(arrived);
}

/// Of a driver's options, where a wrong one shows as noise or silence.
std::string SettingOf(const YamlNode& item, const std::string& kind) {
  const YamlNode* const options = item.Find(kind);
  for (const char* const key : {"baud", "bitrate"}) {
    const YamlNode* const value = options == nullptr ? nullptr : options->Find(key);
    if (value != nullptr) return std::string(key) + " " + value->text;
  }
  return {};
}

/// A driver that runs, and what has come of it.
class Run {
 public:
  Run(const Candidate& candidate, std::uint16_t place, BoundedQueue<Reading>& readings,
      SeriesRegistry& series, Counters& counters, const Clock& clock)
      : kind_(drivers::KindOf(*candidate.item)),
        item_(*candidate.item),
        wanted_(candidate.spec->series().value_or(std::vector<std::string>())),
        driver_(candidate.spec->Make({.readings = readings,
                                      .series = series,
                                      .counters = counters,
                                      .clock = clock,
                                      .driver = place})) {
    if (kind_ == "mqtt") tap_ = std::make_unique<MqttTap>(*candidate.item);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      try {
        driver_->Run(stop);
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex_);
        failed_ = error.what();
      }
    });
  }

  void Note(const Reading& reading) {
    ++readings_;
    if (arrived_.insert(ToString(*reading.series)).second) {
      last_new_ = std::chrono::steady_clock::now();
    }
  }

  bool ShowedEnough() const {
    if (readings_ == 0) return false;
    if (NamesItsSeries(kind_)) return Missing().empty();
    return std::chrono::steady_clock::now() - last_new_ > kSettled;
  }

  void RequestStop() { thread_.request_stop(); }

  DriverFacts Facts(const Counters& counters, const LogEar& ear, Duration watched) {
    thread_ = {};
    DriverFacts facts{.name = driver_->name(),
                      .kind = kind_,
                      .setting = SettingOf(item_, kind_),
                      .readings = readings_,
                      .arrived = {arrived_.begin(), arrived_.end()},
                      .said = ear.Last("driver " + driver_->name()),
                      .watched = watched};
    if (NamesItsSeries(kind_)) facts.missing = Missing();
    if (tap_) facts.hints = tap_->Hints();
    const std::lock_guard lock(mutex_);
    if (!failed_.empty()) facts.said = "it failed: " + failed_;
    for (const Counters::Sample& sample : counters.Snapshot()) {
      if (sample.name != kInputRejectedTotal || sample.value == 0) continue;
      std::string driver;
      std::string reason;
      for (const auto& [label, value] : sample.labels) {
        if (label == "driver") driver = value;
        if (label == "reason") reason = value;
      }
      if (driver == facts.name) facts.refused[reason] += sample.value;
    }
    return facts;
  }

 private:
  std::vector<std::string> Missing() const {
    std::vector<std::string> missing;
    for (const std::string& one : wanted_) {
      if (std::ranges::none_of(arrived_, [&](const auto& other) { return Means(one, other); })) {
        missing.push_back(one);
      }
    }
    return missing;
  }

  const std::string kind_;
  const YamlNode& item_;
  const std::vector<std::string> wanted_;
  std::uint64_t readings_ = 0;
  std::set<std::string> arrived_;
  std::chrono::steady_clock::time_point last_new_;
  std::mutex mutex_;    // the thread ends with its word
  std::string failed_;  // guarded by mutex_
  std::unique_ptr<drivers::Driver> driver_;
  std::unique_ptr<MqttTap> tap_;
  std::jthread thread_;
};

}  // namespace

std::vector<DriverFacts> TryDrivers(const std::vector<Candidate>& candidates, const LogEar& ear,
                                    Duration limit) {
  const SystemClock clock;
  Counters counters;
  SeriesRegistry series;
  BoundedQueue<Reading> readings(kQueue, WhenFull::kDropOldestAndCount);
  std::vector<std::unique_ptr<Run>> runs;
  for (const Candidate& candidate : candidates) {
    const auto place = static_cast<std::uint16_t>(runs.size() + 1);
    runs.push_back(std::make_unique<Run>(candidate, place, readings, series, counters, clock));
  }
  const BootTime begin = clock.Boot();
  const Deadline deadline(limit);
  std::vector<Reading> taken;
  while (!deadline.over() &&
         !std::ranges::all_of(runs, [](const auto& run) { return run->ShowedEnough(); })) {
    taken.clear();
    readings.PopAll(taken, clock.Boot() + kLook, clock, {});
    for (const Reading& reading : taken) runs.at(reading.driver - 1U)->Note(reading);
  }
  const Duration watched = clock.Boot() - begin;
  for (const auto& run : runs) run->RequestStop();
  std::vector<DriverFacts> facts;
  facts.reserve(runs.size());
  for (const auto& run : runs) facts.push_back(run->Facts(counters, ear, watched));
  return facts;
}

}  // namespace fleet_edge::agent::doctor
