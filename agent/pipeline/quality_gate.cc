#include "agent/pipeline/quality_gate.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/pipeline/signal_limits.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/signal.h"
#include "core/time.h"

namespace fleet_edge::agent {

QualityGate::QualityGate(Options options, std::vector<std::string> drivers, Counters& counters)
    : options_(std::move(options)), drivers_(std::move(drivers)), counters_(counters) {
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    const Labels labels{{"quality", std::string(kQualityNames.at(i))}};
    totals_.at(i) = &counters_.Get(kReadingsTotal, labels);
  }
}

Quality QualityGate::QualityOf(const Reading& reading, UtcTime now) const {
  const Signal* const signal = reading.series->catalogued;
  if (!std::isfinite(reading.value)) return Quality::kOutOfRange;
  if (signal != nullptr && (reading.value < signal->min || reading.value > signal->max)) {
    return Quality::kOutOfRange;
  }
  const Window& window = options_.window;
  if (reading.time < now - window.max_age || reading.time > now + window.max_skew) {
    return Quality::kSuspect;
  }
  return Quality::kGood;
}

QualityGate::Limited QualityGate::FindLimits(const std::string& signal) const {
  const auto found = options_.signals.find(signal);
  return {.known = true, .limits = found == options_.signals.end() ? nullptr : &found->second};
}

Quality QualityGate::QualityByLimits(const Reading& reading) {
  const std::size_t place = reading.series->id;
  if (place >= limited_.size()) limited_.resize(place + 1);
  Limited& limited = limited_[place];
  if (!limited.known) limited = FindLimits(reading.series->name);
  const SignalLimits* const limits = limited.limits;
  if (limits == nullptr) return Quality::kGood;
  if (reading.value < limits->min.value_or(reading.value) ||
      reading.value > limits->max.value_or(reading.value)) {
    return Quality::kOutOfRange;
  }
  if (limits->max_rate && !limited.rate.Believes(*limits->max_rate, reading.value, reading.time)) {
    return Quality::kSuspect;
  }
  return Quality::kGood;
}

void QualityGate::Count(const Reading& reading, std::string_view reason) {
  // A look-up by text: what is not good is rare, and a flood of it costs a microsecond a reading.
  const std::string driver = reading.driver > 0 && reading.driver <= drivers_.size()
                                 ? drivers_[reading.driver - 1]
                                 : std::string();
  const Labels labels{
      {"driver", driver}, {"signal", reading.series->name}, {"reason", std::string(reason)}};
  counters_.Get(kInputRejectedTotal, labels).Add();
}

void QualityGate::Publish() {
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    if (pending_.at(i) > 0) totals_.at(i)->Add(std::exchange(pending_.at(i), 0));
  }
}

void Describe(Section& section, QualityGate::Options& options) {
  section.Key("max_age", options.window.max_age,
              "A reading whose own time is further back than this is suspect: counted, uplinked, "
              "kept out of rules.");
  section.Key("max_skew", options.window.max_skew,
              "… or further ahead of the agent's clock than this.");
  section.Key(
      "signals", options.signals,
      "Signal → limits of your own, for all its labels: `engine_coolant_celsius: {max_rate: "
      "5}`.");
}

}  // namespace fleet_edge::agent
