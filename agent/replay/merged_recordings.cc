#include "agent/replay/merged_recordings.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/reading.h"
#include "drivers/replay/recording.h"

namespace fleet_edge::agent {

void MergedRecordings::Add(std::unique_ptr<drivers::Recording> recording) {
  Source source{std::move(recording), {}, 0};
  if (Fill(source)) sources_.push_back(std::move(source));
}

bool MergedRecordings::Fill(Source& source) {
  if (source.at < source.line.size()) return true;
  source.line.clear();
  source.at = 0;
  while (source.line.empty()) {
    if (!source.recording->Next(source.line)) return !source.line.empty();
  }
  return true;
}

Reading* MergedRecordings::Next() {
  if (last_ != nullptr) {
    ++last_->at;
    if (!Fill(*last_)) sources_.erase(sources_.begin() + (last_ - sources_.data()));
  }
  const auto next = std::ranges::min_element(
      sources_, {}, [](const Source& source) { return source.line[source.at].time; });
  last_ = next == sources_.end() ? nullptr : &*next;
  return last_ == nullptr ? nullptr : &last_->line[last_->at];
}

}  // namespace fleet_edge::agent
