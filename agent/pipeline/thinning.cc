#include "agent/pipeline/thinning.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "core/counters.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge::agent {

void Describe(Section& section, ThinningOptions& options) {
  section.Key("every", options.every, "No sooner than this after the last reading that was sent.");
  section.Key(
      "dead_band", options.dead_band,
      "Not while the value is less than this from the last one sent, in the signal's unit.");
  section.Key("at_least", options.at_least, "But this often, whatever it says.");
  if (!section.reading()) return;
  if (!(options.dead_band >= 0)) {
    section.Fail("dead_band", "less than nothing", "Write 0 or more");
  }
  if (options.at_least < options.every) {
    section.Fail("at_least", "more often than `every` allows", "Raise at_least, or lower every");
  }
}

Thinning::Thinning(Options options, Counters& counters)
    : options_(std::move(options)), counters_(counters) {}

Thinning::Slot Thinning::MakeSlot(const Series& series) {
  const auto found = options_.find(series.name);
  if (found == options_.end()) return {.known = true};
  return {.known = true,
          .options = &found->second,
          .thinned = &counters_.Get(kThinnedTotal, {{"signal", series.name}})};
}

bool Thinning::SendsConfigured(const Reading& reading) {
  const std::size_t place = reading.series->id;
  if (place >= slots_.size()) slots_.resize(place + 1);
  Slot& slot = slots_[place];
  if (!slot.known) slot = MakeSlot(*reading.series);
  if (slot.options == nullptr) return true;
  if (slot.last && slot.last->quality == Quality::kGood && reading.quality == Quality::kGood) {
    const Duration since = reading.time - slot.last->time;
    const bool moved = std::abs(reading.value - slot.last->value) >= slot.options->dead_band;
    const bool due = since >= slot.options->every && moved;
    if (since >= Duration{0} && !due && since < slot.options->at_least) {
      slot.thinned->Add();
      return false;
    }
  }
  slot.last = {reading.time, reading.value, reading.quality};
  return true;
}

}  // namespace fleet_edge::agent
