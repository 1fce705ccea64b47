#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/series_notation.h"
#include "rules/testing/test_file.h"

namespace fleet_edge::rules {

/// Feeds an engine with what a test puts in: its series and its recordings, in the order of time.
///
/// Owned by one run of one test, whose test, registry and engine outlive it.
class TestInputs {
 public:
  /// Errors: kFatal, a recording can't be read or the registry is full; the message says what.
  static Result<TestInputs> Open(const RuleTest& test, SeriesRegistry& registry,
                                 const OpenRecordings& open);

  /// Gives the engine all that has a time up to `until` and was not given yet.
  void FeedUntil(UtcTime until, Engine& engine);

 private:
  struct Source {
    const Series* series;
    ValueCursor values;
  };

  TestInputs(const RuleTest& test) : test_(&test), next_(test.start) {}

  void FeedSeries(Engine& engine);
  void FeedRecordings(UtcTime until, Engine& engine);

  const RuleTest* test_;
  std::vector<Source> sources_;
  UtcTime next_;  // of all sources' next value
  std::unique_ptr<RecordedReadings> recordings_;
  const Reading* reading_ = nullptr;  // the next one of recordings_
  Duration shift_{};                  // from the recordings' time to the test's
};

}  // namespace fleet_edge::rules
