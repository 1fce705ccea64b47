#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agent/cli/commands.h"
#include "agent/cli/terminal.h"
#include "agent/rule_tests/rule_tests.h"
#include "agent/rule_tests/test_report.h"
#include "agent/service/log.h"
#include "rules/pattern.h"

namespace fleet_edge::agent {
int Test(const TestArguments& arguments) {
  SetUpLog({}, DetectLogStyle(STDERR_FILENO, std::getenv("JOURNAL_STREAM")), stderr);
  std::optional<rules::Pattern> wanted;
  if (!arguments.run.empty()) {
    // Found anywhere in the name; patterns are anchored.
    std::string why;
    wanted = rules::Pattern::Compile("(?s:.*(?:" + arguments.run + ").*)", why);
    if (!wanted) {
      std::fprintf(stderr, "--run: the regular expression '%s' %s\n", arguments.run.c_str(),
                   why.c_str());
      return kExitUsage;
    }
  }
  std::unique_ptr<TestReport> report;
  if (arguments.json) {
    report = std::make_unique<JsonTestReport>();
  } else {
    const bool color =
        arguments.color == "auto" ? WantsColor(STDOUT_FILENO) : arguments.color == "always";
    report = std::make_unique<TextTestReport>(color);
  }
  RuleTests tests(std::move(wanted), *report);
  for (const std::string& file : arguments.files) tests.RunFile(file);
  report->Tell(tests.counts());
  const TestCounts& counts = tests.counts();
  if (counts.ok() && counts.passed == 0 && !arguments.run.empty()) {
    std::fprintf(stderr, "no test's name matches '%s'\n", arguments.run.c_str());
    return kExitFailure;
  }
  return counts.ok() ? kExitOk : kExitFailure;
}

}  // namespace fleet_edge::agent
