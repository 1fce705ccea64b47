#include "simulators/interfaces/silence_truth.h"

#include <chrono>
#include <string>
#include <utility>

#include "core/signal.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kInterval = seconds{1};  // of the rule
// Between what is said here and the agent's stamp, and between both clocks.
constexpr Duration kSlack = milliseconds{300};
// An agent whose own time-outs make it look again later speaks for the device until then.
constexpr Duration kAftermath = seconds{15};

}  // namespace

bool WatchesSilence(const SeriesName& series) {
  const Signal* const signal = FindSignal(series.name);
  return signal != nullptr && signal->period <= seconds{1};
}

SilenceTruth::SilenceTruth(std::string vehicle, const SeriesName& series, UtcTime begin)
    : vehicle_(std::move(vehicle)), labels_(series.labels), begin_(begin) {
  labels_.Set("signal", series.name);
}

void SilenceTruth::Add(UtcTime time, Duration reader) {
  const UtcTime spoken = time + reader + kSlack + kInterval;
  if (!last_) {
    Expect(AlertChange::kFiring, begin_, spoken, false);
    Expect(AlertChange::kResolved, begin_, spoken, false);
  } else if (time - *last_ > kSilentAfter - kInterval) {
    // An instant of the rule lies surely in the silence when that is an interval longer.
    const bool sure = time - *last_ >= kSilentAfter + kInterval + reader + 2 * kSlack;
    const UtcTime due = *last_ + kSilentAfter;
    const UtcTime earliest = due - reader - kSlack;  // it may last have been read so much before
    Expect(AlertChange::kFiring, earliest, sure ? due + reader + kSlack + kInterval : spoken, sure);
    Expect(AlertChange::kResolved, sure ? time - kSlack : earliest, spoken, sure);
  }
  last_ = time;
}

void SilenceTruth::Finish(UtcTime end) {
  const UtcTime from = last_ ? *last_ : begin_;
  Expect(AlertChange::kFiring, from, end + kAftermath, false);
  Expect(AlertChange::kResolved, from, end + kAftermath, false);
}

void SilenceTruth::Expect(AlertChange change, UtcTime earliest, UtcTime latest, bool required) {
  found_.push_back({.vehicle = vehicle_,
                    .alert = std::string(kSilenceAlert),
                    .labels = labels_,
                    .change = change,
                    .earliest = earliest,
                    .latest = latest,
                    .required = required});
}

}  // namespace fleet_edge::simulators
