// Whatever stands in a test file: it is refused or runs, and neither takes for ever.
#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/rule_text.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/rule_tester.h"
#include "rules/testing/test_file.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::rules {
namespace {

constexpr Duration::rep kMostInstants = 2'000;

std::string ReadAll(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<RuleText> ReadFolder(const std::string& folder) {
  std::vector<RuleText> texts;
  for (const auto& entry :
       std::filesystem::directory_iterator("tests/rules/testing/data/" + folder)) {
    texts.push_back({entry.path().filename(), ReadAll(entry.path())});
  }
  REQUIRE_FALSE(texts.empty());
  return texts;
}

/// True when the file was run.
bool Survives(const RuleText& text, const std::vector<RuleText>& rules) {
  Diagnostics findings;
  const TestFile file = ReadTestFile(text, findings);
  for (const Diagnostic& finding : findings) {
    CHECK_FALSE(finding.what.empty());
    CHECK(finding.position.line >= 0);
  }
  const OpenRecordings none = [](const auto&, SeriesRegistry&) {
    return Error{Error::Code::kFatal, "there are no recordings"};
  };
  const RuleTester tester(file, rules, none);
  if (HasErrors(findings) || HasErrors(tester.Check())) return false;
  for (const RuleTest& test : file.tests) {
    if (test.End() / file.evaluation_interval <= kMostInstants) tester.Run(test);
  }
  return true;
}

}  // namespace

TEST_CASE("Test file: mutations of it are refused or run") {
  const std::vector<RuleText> rules = ReadFolder("rules");
  std::mt19937 random(20'261'121);
  std::size_t run = 0;
  std::size_t all = 0;
  for (const char* const folder : {"common", "ours"}) {
    for (const RuleText& seed : ReadFolder(folder)) {
      for (int round = 0; round < 150; ++round) {
        const RuleText mutant{seed.file, drivers::Mutate(seed.text, random)};
        INFO(mutant.text);
        if (Survives(mutant, rules)) ++run;
        ++all;
      }
    }
  }
  CHECK(run > all / 20);
  CHECK(run < all);
}

TEST_CASE("Test file: bytes that are no text, and an end in the middle, are refused or run") {
  const std::vector<RuleText> rules = ReadFolder("rules");
  const std::string text = ReadAll("tests/rules/testing/data/common/alerts.yaml");
  for (std::size_t size = 0; size < text.size(); size += 13) {
    Survives({"cut.yaml", text.substr(0, size)}, rules);
  }
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 100, ' ');
    for (char& c : bytes) c = static_cast<char>(random());
    Survives({"bytes.yaml", "tests: [{input_series: [{series: a, values: \"" + bytes + "\"}]}]"},
             rules);
  }
}

}  // namespace fleet_edge::rules
