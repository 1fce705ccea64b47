#include "agent/judge.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/quality_gate.h"
#include "core/diagnostic.h"
#include "core/series.h"
#include "rules/engine.h"

namespace fleet_edge::agent {

Judge::Judge(QualityGate& gate, SeriesRegistry& registry, rules::Engine::Options options)
    : gate_(gate),
      registry_(registry),
      options_(std::move(options)),
      engine_(std::make_unique<rules::Engine>(registry_, options_)) {}

Diagnostics Judge::Load(std::vector<rules::RuleText> files) {
  Diagnostics findings = engine_->Load(files);
  if (!HasErrors(findings)) files_ = std::move(files);
  return findings;
}

void Judge::StartAnew() {
  const std::string alert_state = engine_->SaveState();
  engine_ = std::make_unique<rules::Engine>(registry_, options_);
  engine_->Load(files_);  // was without errors before
  engine_->RestoreState(alert_state);
}

}  // namespace fleet_edge::agent
