#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "core/diagnostic.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::agent {

/// One test that was run.
struct TestResult {
  const std::string& file;
  const rules::RuleTest& test;
  const rules::TestOutcome& outcome;
  std::chrono::microseconds took;
};

/// What a run of tests came to. A value.
struct TestCounts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t unusable = 0;  ///< files

  bool ok() const { return failed == 0 && unusable == 0; }
};

/// How `fleet-edge test` tells of its tests, on stdout; findings of a text report are on stderr.
class TestReport {
 public:
  TestReport() = default;
  TestReport(const TestReport&) = delete;
  TestReport& operator=(const TestReport&) = delete;
  virtual ~TestReport() = default;

  virtual void Tell(Diagnostics findings) = 0;
  virtual void Tell(const TestResult& result) = 0;
  virtual void Tell(const TestCounts& counts) = 0;
};

/// For people: a line a test, and for each failure what was expected (-) and what came (+).
class TextTestReport final : public TestReport {
 public:
  explicit TextTestReport(bool color) : color_(color) {}

  void Tell(Diagnostics findings) override;
  void Tell(const TestResult& result) override;
  void Tell(const TestCounts& counts) override;

 private:
  void TellMismatch(const std::string& file, const rules::Mismatch& mismatch) const;
  std::string Paint(const char* color, const std::string& text) const;

  const bool color_;
};

/// For programs: an object a line, its `type` finding, mismatch (before its test), test or summary.
class JsonTestReport final : public TestReport {
 public:
  void Tell(Diagnostics findings) override;
  void Tell(const TestResult& result) override;
  void Tell(const TestCounts& counts) override;
};

}  // namespace fleet_edge::agent
