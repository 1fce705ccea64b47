#include "simulators/stamped_match.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/same_value.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using Kind = StampedFinding::Kind;

// The agent latches its clock's offset at its start; what NTP slews since then stays below this.
constexpr Duration kEarly = milliseconds{50};
// On the way to the agent's read; its thread may have to wait for a processor.
constexpr Duration kLate = std::chrono::seconds{2};
// A 1-Wire conversion takes up to 750 ms (DS18B20, data sheet, at 12 bits).
constexpr Duration kReading = std::chrono::seconds{1};
// An agent that looks every 500 ms sees it.
constexpr Duration kSurelySeen = milliseconds{1500};

/// The sequence of arrivals as it is gone through, once.
class Arrivals {
 public:
  Arrivals(const std::string& signal, std::span<const Said> said, std::span<const Heard> heard)
      : signal_(signal), said_(said), heard_(heard) {}

  std::vector<StampedFinding> Match() {
    for (std::size_t i = 0; i < heard_.size(); ++i) {
      while (next_ < said_.size() && said_[next_].time + kLate < heard_[i].time) Miss();
      if (const auto place = Find(heard_[i])) {
        while (next_ < *place) Miss();
        found_.push_back({.kind = Kind::kArrived, .time = said_[next_].time, .said = next_});
        ++next_;
      } else {
        Judge(i);
      }
    }
    while (next_ < said_.size()) Miss();
    return found_;
  }

 private:
  void Miss() {
    found_.push_back({.kind = Kind::kMissing, .time = said_[next_].time, .said = next_});
    ++next_;
  }

  bool Fits(const Said& said, const Heard& heard) const {
    return said.time - kEarly <= heard.time && heard.time <= said.time + kLate &&
           SameValue(signal_, said.value, heard.value);
  }

  /// The first that is still unheard and fits.
  std::optional<std::size_t> Find(const Heard& heard) const {
    for (std::size_t i = next_; i < said_.size() && said_[i].time - kEarly <= heard.time; ++i) {
      if (Fits(said_[i], heard)) return i;
    }
    return std::nullopt;
  }

  /// Of a reading that was not said.
  void Judge(std::size_t i) {
    const Heard& heard = heard_[i];
    const bool outside = said_.empty() || heard.time < said_.front().time - kEarly ||
                         heard.time > said_.back().time + kLate;
    if (outside) {
      found_.push_back({.kind = Kind::kOther, .time = heard.time});
    } else if (next_ > 0 && Fits(said_[next_ - 1], heard)) {
      found_.push_back({.kind = Kind::kDuplicated, .time = said_[next_ - 1].time});
    } else if (Replaces(i)) {
      found_.push_back({.kind = Kind::kAltered,
                        .time = said_[next_].time,
                        .said = next_,
                        .truth = said_[next_].value,
                        .heard = heard.value});
      ++next_;
    } else {
      found_.push_back({.kind = Kind::kInvented, .time = heard.time});
    }
  }

  /// True when it stands where another value should: nothing else that is heard will.
  bool Replaces(std::size_t i) const {
    if (next_ >= said_.size() || said_[next_].time - kEarly > heard_[i].time) return false;
    return i + 1 >= heard_.size() || !Fits(said_[next_], heard_[i + 1]);
  }

  const std::string& signal_;
  const std::span<const Said> said_;
  const std::span<const Heard> heard_;
  std::size_t next_ = 0;  // in said_
  std::vector<StampedFinding> found_;
};

/// What there was to see, and who saw it.
class Looks {
 public:
  Looks(const std::string& signal, std::span<const Said> said)
      : signal_(signal), said_(said), seen_(said.size()) {}

  std::vector<StampedFinding> Match(std::span<const Heard> heard) {
    for (const Heard& reading : heard) Judge(reading);
    for (std::size_t i = 0; i < said_.size(); ++i) {
      if (said_[i].nothing || EndOf(i) - said_[i].time < kSurelySeen) continue;
      found_.push_back(
          {.kind = seen_[i] ? Kind::kArrived : Kind::kMissing, .time = said_[i].time, .said = i});
    }
    return found_;
  }

 private:
  UtcTime EndOf(std::size_t i) const { return said_[i + 1 < said_.size() ? i + 1 : i].time; }

  void Judge(const Heard& reading) {
    const UtcTime begin = reading.time - kReading;
    auto next = std::upper_bound(said_.begin(), said_.end(), begin - kEarly,
                                 [](UtcTime time, const Said& said) { return time < said.time; });
    if (next != said_.begin()) --next;
    std::optional<std::size_t> there;
    for (; next != said_.end() && next->time - kEarly <= reading.time; ++next) {
      const auto i = static_cast<std::size_t>(next - said_.begin());
      if (next->nothing || EndOf(i) + kEarly < begin) continue;
      there = i;
      if (!SameValue(signal_, next->value, reading.value)) continue;
      seen_[i] = true;
      return;
    }
    Complain(reading, there);
  }

  /// Of a reading whose value was not to be seen; `there`: another one was.
  void Complain(const Heard& reading, std::optional<std::size_t> there) {
    if (there) {
      found_.push_back({.kind = Kind::kAltered,
                        .time = reading.time,
                        .said = *there,
                        .truth = said_[*there].value,
                        .heard = reading.value});
      return;
    }
    const bool outside = said_.empty() || reading.time < said_.front().time - kEarly ||
                         reading.time > said_.back().time + kReading;
    found_.push_back({.kind = outside ? Kind::kOther : Kind::kInvented, .time = reading.time});
  }

  const std::string& signal_;
  const std::span<const Said> said_;
  std::vector<bool> seen_;  // by said_
  std::vector<StampedFinding> found_;
};

}  // namespace

std::vector<StampedFinding> MatchArrivals(const std::string& signal, std::span<const Said> said,
                                          std::span<const Heard> heard) {
  return Arrivals(signal, said, heard).Match();
}

std::vector<StampedFinding> MatchLooks(const std::string& signal, std::span<const Said> said,
                                       std::span<const Heard> heard) {
  return Looks(signal, said).Match(heard);
}

}  // namespace fleet_edge::simulators
