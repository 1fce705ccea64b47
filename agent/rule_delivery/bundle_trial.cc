#include "agent/rule_delivery/bundle_trial.h"

#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "agent/rule_delivery/rule_bundle.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/compiled_rules.h"
#include "rules/engine_options.h"
#include "rules/rule_text.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/rule_tester.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::agent {
namespace {

// A group a second over a day, or a minute over two months: some seconds of a small box's core.
constexpr std::int64_t kMostInstants = 100'000;
// Of input: each is fed to the rules; some seconds of a small box's core.
constexpr double kMostSamples = 1e6;
constexpr std::chrono::minutes kLongest{1};

/// A bundle is one text: there is nothing beside it.
Result<std::unique_ptr<rules::RecordedReadings>> NoRecordings(
    const std::vector<std::string>& /*files*/, SeriesRegistry& /*registry*/) {
  return Error{Error::Code::kFatal, "a bundle has no recordings: write `input_series`"};
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : " and ") + line;
  return text.empty() ? "nothing" : text;
}

std::string Told(const rules::RuleTest& test, const rules::Mismatch& mismatch) {
  std::string text = "test '" + test.name +
                     "' failed: " + std::string(rules::ToString(mismatch.kind)) + " " +
                     mismatch.subject + " at " + ToString(mismatch.at) + ": ";
  return mismatch.error.empty()
             ? text + "expected " + Joined(mismatch.expected) + ", got " + Joined(mismatch.got)
             : text + mismatch.error;
}

class Trial {
 public:
  Trial(std::vector<rules::RuleText> rules, const std::stop_token& stop)
      : rules_(std::move(rules)), stop_(stop) {}

  void Check(const rules::EngineOptions& options) {
    Add(rules::CompiledRules(rules_, {}, options).findings());
  }

  void Run(const rules::RuleText& tests) {
    const rules::TestFile file = rules::ReadTestFile(tests, trial_.findings);
    const rules::OpenRecordings open = NoRecordings;
    const rules::RuleTester tester(file, rules_, open);
    if (!HasErrors(trial_.findings)) Add(tester.Check());
    for (const rules::RuleTest& test : file.tests) {
      if (HasErrors(trial_.findings) || !MayRun(file, test)) return;
      ++trial_.tests;
      for (const rules::Mismatch& mismatch : tester.Run(test).mismatches) {
        Fail(file, mismatch.position, Told(test, mismatch), "Mend the rule or its test");
      }
    }
  }

  BundleTrial Take() { return std::move(trial_); }

 private:
  bool MayRun(const rules::TestFile& file, const rules::RuleTest& test) {
    if (stop_.stop_requested()) {
      Fail(file, test.position, "the agent stops, its tests were not run", "");
      return false;
    }
    instants_ += test.End() / file.evaluation_interval;
    if (instants_ > kMostInstants) {
      Fail(file, test.position, "the bundle's tests ask for more than 100000 instants",
           "Make them shorter, or `evaluation_interval` longer");
      return false;
    }
    samples_ +=
        ToSeconds(test.End()) / ToSeconds(test.interval) * static_cast<double>(test.series.size());
    if (samples_ > kMostSamples) {
      Fail(file, test.position, "the bundle's tests feed more than a million samples",
           "Make them shorter, or `interval` longer");
      return false;
    }
    if (std::chrono::steady_clock::now() - begin_ > kLongest) {
      Fail(file, test.position, "the bundle's tests take longer than a minute on this box",
           "Leave some to your own machine: `fleet-edge test`");
      return false;
    }
    return true;
  }

  void Add(Diagnostics more) {
    trial_.findings.insert(trial_.findings.end(), std::make_move_iterator(more.begin()),
                           std::make_move_iterator(more.end()));
  }

  void Fail(const rules::TestFile& file, Position position, std::string what, std::string mend) {
    trial_.findings.push_back({.file = file.file,
                               .position = position,
                               .what = std::move(what),
                               .mend = std::move(mend)});
  }

  const std::vector<rules::RuleText> rules_;
  const std::stop_token& stop_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::int64_t instants_ = 0;
  double samples_ = 0;
  BundleTrial trial_;
};

}  // namespace

BundleTrial TryBundle(const RuleBundle& bundle, const std::vector<rules::RuleText>& others,
                      const rules::EngineOptions& options, const std::stop_token& stop) {
  std::vector<rules::RuleText> all = others;
  all.insert(all.end(), bundle.rules.begin(), bundle.rules.end());
  Trial trial(std::move(all), stop);
  trial.Check(options);
  for (const rules::RuleText& tests : bundle.tests) trial.Run(tests);
  return trial.Take();
}

}  // namespace fleet_edge::agent
