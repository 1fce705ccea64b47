#include "agent/rule_tests/test_recordings.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/pipeline/quality_gate.h"
#include "agent/replay/merged_recordings.h"
#include "core/counters.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "drivers/replay/recording.h"
#include "rules/testing/recorded_readings.h"

namespace fleet_edge::agent {
namespace {

class TestRecordings final : public rules::RecordedReadings {
 public:
  const Reading* Next() override {
    while (Reading* const reading = merged_.Next()) {
      gate_.Judge(*reading, reading->time);
      if (reading->quality == Quality::kGood) return reading;
    }
    return nullptr;
  }

  Counters& counters() { return counters_; }
  MergedRecordings& merged() { return merged_; }

 private:
  Counters counters_;
  QualityGate gate_{{QualityGate::Window::Unbounded(), {}}, {}, counters_};
  MergedRecordings merged_;
};

}  // namespace

Result<std::unique_ptr<rules::RecordedReadings>> OpenTestRecordings(
    const std::vector<std::string>& files, SeriesRegistry& registry) {
  auto recordings = std::make_unique<TestRecordings>();
  for (const std::string& file : files) {
    auto recording = drivers::OpenRecording(file, {}, {file, registry, recordings->counters()});
    if (!recording) return recording.error();
    recordings->merged().Add(std::move(recording).value());
  }
  return std::unique_ptr<rules::RecordedReadings>(std::move(recordings));
}

}  // namespace fleet_edge::agent
