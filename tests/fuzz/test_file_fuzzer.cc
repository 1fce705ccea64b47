// Any text as a file of rule tests: it is refused with reasons, or its tests run over a small rule
// file.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "rules/rule_text.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/rule_tester.h"
#include "rules/testing/test_file.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::rules;

/// Longer tests are right, but only slow.
constexpr int kMostInstants = 500;

constexpr const char* kRules = R"(
groups:
  - name: g
    rules:
      - {record: "x:sum", expr: sum(x)}
      - {alert: High, expr: x > 1, for: 1m, labels: {severity: page}, annotations: {summary: "{{ $value }}"}}
      - {alert: Hot, expr: x > 1, clear: x < 0, notify: [driver], cooldown: 5m}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Diagnostics findings;
  const TestFile file = ReadTestFile({"test.yaml", std::string(data, data + size)}, findings);
  for (const Diagnostic& finding : findings) {
    if (finding.what.empty() || finding.file.empty()) std::abort();
  }
  if (HasErrors(findings)) return 0;
  const std::vector<RuleText> rules{{"rules.yaml", kRules}};
  const OpenRecordings open = [](const std::vector<std::string>&,
                                 SeriesRegistry&) -> Result<std::unique_ptr<RecordedReadings>> {
    return Error{Error::Code::kFatal, "there are no recordings here"};
  };
  const RuleTester tester(file, rules, open);
  if (HasErrors(tester.Check())) return 0;
  for (const RuleTest& test : file.tests) {
    if (test.End() / file.evaluation_interval <= kMostInstants) tester.Run(test);
  }
  return 0;
}
