#include "agent/rule_tests/test_report.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/findings.h"
#include "agent/text/json.h"
#include "core/diagnostic.h"
#include "core/time.h"
#include "rules/testing/difference.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kRed = "\033[31m";
constexpr const char* kGreen = "\033[32m";
constexpr const char* kPlain = "\033[0m";

void Put(const std::string& line) { std::puts(line.c_str()); }

std::string PlaceOf(const std::string& file, Position position) {
  return file + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string ShowTime(std::chrono::microseconds took) {
  return std::to_string(std::chrono::round<std::chrono::milliseconds>(took).count()) + " ms";
}

/// `alert EngineOverheat at 5m`.
std::string SubjectOf(const rules::Mismatch& mismatch) {
  std::string subject(rules::ToString(mismatch.kind));
  subject.append(" ").append(mismatch.subject);
  if (mismatch.kind != rules::Mismatch::Kind::kInput) subject += " at " + ToString(mismatch.at);
  return subject;
}

/// With a word in place of nothing, so that both sides have something to say.
std::vector<std::string> OrNothing(const std::vector<std::string>& lines) {
  return lines.empty() ? std::vector<std::string>{"nothing"} : lines;
}

JsonObject Begin(std::string_view type, const std::string& file, Position position) {
  JsonObject json;
  json.Add("type", type)
      .Add("file", file)
      .Add("line", static_cast<std::int64_t>(position.line))
      .Add("column", static_cast<std::int64_t>(position.column));
  return json;
}

}  // namespace

std::string TextTestReport::Paint(const char* color, const std::string& text) const {
  return color_ ? color + text + kPlain : text;
}

void TextTestReport::Tell(Diagnostics findings) {
  std::fflush(stdout);
  std::fputs(ListFindings(std::move(findings)).c_str(), stderr);
}

void TextTestReport::Tell(const TestResult& result) {
  const bool ok = result.outcome.ok();
  Put(Paint(ok ? kGreen : kRed, ok ? "ok      " : "FAILED  ") + result.file + ": " +
      result.test.name + " (" + ShowTime(result.took) + ")");
  for (const rules::Mismatch& mismatch : result.outcome.mismatches) {
    TellMismatch(result.file, mismatch);
  }
}

void TextTestReport::TellMismatch(const std::string& file, const rules::Mismatch& mismatch) const {
  std::string line = "  " + PlaceOf(file, mismatch.position) + ": " + SubjectOf(mismatch);
  if (!mismatch.error.empty()) {
    Put(line + ": " + mismatch.error);
    return;
  }
  Put(line + ": expected (-) is not what came (+)");
  using Side = rules::DifferenceLine::Side;
  for (const auto& [side, text] :
       rules::Difference(OrNothing(mismatch.expected), OrNothing(mismatch.got))) {
    if (side == Side::kBoth) Put("      " + text);
    if (side == Side::kExpected) Put(Paint(kRed, "    - " + text));
    if (side == Side::kGot) Put(Paint(kGreen, "    + " + text));
  }
}

void TextTestReport::Tell(const TestCounts& counts) {
  const std::size_t all = counts.passed + counts.failed;
  const std::string tests = std::to_string(all) + (all == 1 ? " test" : " tests");
  std::string line = counts.failed == 0
                         ? tests + " passed"
                         : std::to_string(counts.failed) + " of " + tests + " failed";
  if (counts.unusable > 0) {
    line += ", " + std::to_string(counts.unusable) +
            (counts.unusable == 1 ? " file is unusable" : " files are unusable");
  }
  Put(line);
}

void JsonTestReport::Tell(Diagnostics findings) {
  SortByPlace(findings);
  for (const Diagnostic& finding : findings) {
    JsonObject json = Begin("finding", finding.file, finding.position);
    const bool error = finding.severity == Diagnostic::Severity::kError;
    json.Add("severity", error ? "error" : "warning")
        .Add("what", finding.what)
        .Add("mend", finding.mend);
    Put(json.Text());
  }
}

void JsonTestReport::Tell(const TestResult& result) {
  for (const rules::Mismatch& mismatch : result.outcome.mismatches) {
    JsonObject json = Begin("mismatch", result.file, mismatch.position);
    json.Add("test", result.test.name)
        .Add("kind", rules::ToString(mismatch.kind))
        .Add("subject", mismatch.subject)
        .Add("at", ToString(mismatch.at));
    if (mismatch.error.empty()) {
      json.Add("expected", mismatch.expected).Add("got", mismatch.got);
    } else {
      json.Add("error", mismatch.error);
    }
    Put(json.Text());
  }
  JsonObject json = Begin("test", result.file, result.test.position);
  json.Add("test", result.test.name)
      .Add("ok", result.outcome.ok())
      .Add("seconds", ToSeconds(result.took));
  Put(json.Text());
}

void JsonTestReport::Tell(const TestCounts& counts) {
  JsonObject json;
  json.Add("type", "summary")
      .Add("passed", static_cast<std::uint64_t>(counts.passed))
      .Add("failed", static_cast<std::uint64_t>(counts.failed))
      .Add("unusable_files", static_cast<std::uint64_t>(counts.unusable));
  Put(json.Text());
}

}  // namespace fleet_edge::agent
