// Any text as a rule file: all that is wrong is told with a reason, or its rules are evaluated, and
// their state survives a restart.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/series.h"
#include "rules/engine.h"
#include "rules/rule_text.h"
#include "tests/fuzz/samples.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge;
  using namespace fleet_edge::rules;
  const std::vector<RuleText> files{{"rules.yaml", std::string(data, data + size)}};
  SeriesRegistry registry;
  Engine engine(registry, {});
  const Diagnostics findings = engine.Load(files);
  for (const Diagnostic& finding : findings) {
    if (finding.what.empty() || finding.file.empty()) std::abort();
  }
  if (HasErrors(findings)) return 0;
  Changes changes;
  engine.AdvanceTo(kFuzzStart, changes);
  AddSamples(registry, engine);
  engine.AdvanceTo(kFuzzStart + std::chrono::seconds{15}, changes);
  Engine restarted(registry, {});
  if (!restarted.Load(files).empty() != !findings.empty()) std::abort();
  if (!restarted.RestoreState(engine.SaveState())) std::abort();
  restarted.AdvanceTo(kFuzzStart + std::chrono::seconds{16}, changes);
  return 0;
}
