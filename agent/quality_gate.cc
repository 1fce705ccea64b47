#include "agent/quality_gate.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/signal.h"
#include "core/time.h"

namespace fleet_edge::agent {

QualityGate::QualityGate(Window window, std::vector<std::string> drivers, Counters& counters)
    : window_(window), drivers_(std::move(drivers)), counters_(counters) {
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
  if (reading.time < now - window_.max_age || reading.time > now + window_.max_skew) {
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

void Describe(Section& section, QualityGate::Window& window) {
  section.Key("max_age", window.max_age,
              "A reading whose own time is further back than this is suspect: counted, uplinked, "
              "kept out of rules.");
  section.Key("max_skew", window.max_skew, "… or further ahead of the agent's clock than this.");
}

}  // namespace fleet_edge::agent
