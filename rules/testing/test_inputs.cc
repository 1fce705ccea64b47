#include "rules/testing/test_inputs.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/quality.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/series_notation.h"
#include "rules/testing/test_file.h"

namespace fleet_edge::rules {

Result<TestInputs> TestInputs::Open(const RuleTest& test, SeriesRegistry& registry,
                                    const OpenRecordings& open) {
  TestInputs inputs(test);
  for (const InputSeries& input : test.series) {
    const Series* const series = registry.Find(input.name, input.labels);
    if (series == nullptr) {
      return Error{Error::Code::kFatal,
                   "it has more than " + std::to_string(registry.size()) + " series"};
    }
    inputs.sources_.push_back({series, ValueCursor(input.values)});
  }
  if (test.recordings.empty()) return inputs;
  auto recordings = open(test.recordings, registry);
  if (!recordings) return recordings.error();
  inputs.recordings_ = std::move(recordings).value();
  inputs.reading_ = inputs.recordings_->Next();
  if (inputs.reading_ != nullptr) inputs.shift_ = test.start - inputs.reading_->time;
  return inputs;
}

void TestInputs::FeedUntil(UtcTime until, Engine& engine) {
  while (next_ <= until && !sources_.empty()) {
    FeedSeries(engine);
    next_ += test_->interval;
  }
  FeedRecordings(until, engine);
}

void TestInputs::FeedSeries(Engine& engine) {
  std::erase_if(sources_, [&](Source& source) {
    const std::optional<ValueCursor::Value> value = source.values.Next();
    if (!value) return true;
    if (value->kind == ValueRun::Kind::kSamples) {
      engine.Add({source.series, next_, value->number, Quality::kGood});
    } else if (value->kind == ValueRun::Kind::kStale) {
      engine.End(*source.series, next_);
    }
    return false;
  });
}

void TestInputs::FeedRecordings(UtcTime until, Engine& engine) {
  while (reading_ != nullptr && reading_->time + shift_ <= until) {
    Reading reading = *reading_;
    reading.time += shift_;
    // False means late, as on the vehicle: it changes nothing.
    engine.Add(reading);
    reading_ = recordings_->Next();
  }
}

}  // namespace fleet_edge::rules
