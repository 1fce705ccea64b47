#include "rules/compiled_rules.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "rules/engine_options.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/geojson.h"
#include "rules/program.h"
#include "rules/query.h"
#include "rules/rule_file.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {
namespace {

void Apply(const EngineOptions& options, std::vector<GroupSpec>& specs) {
  for (GroupSpec& spec : specs) {
    spec.interval = options.interval.value_or(spec.interval);
    spec.lateness = options.lateness.value_or(spec.lateness);
    spec.origin = options.origin;
  }
  const auto place = [&](const GroupSpec& spec) {
    return std::ranges::find(options.group_order, spec.name) - options.group_order.begin();
  };
  std::ranges::stable_sort(specs, {}, place);
}

}  // namespace

CompiledRules::CompiledRules(const std::vector<RuleText>& files,
                             const std::vector<RuleText>& queries, const EngineOptions& options) {
  Geofences geofences = ReadGeofences(files, findings_);
  std::vector<GroupSpec> specs;
  for (const RuleText& file : files) {
    if (file.has_geofences()) continue;
    std::vector<GroupSpec> more = ReadRuleFile(file, options.lookback, geofences, findings_);
    std::ranges::move(more, std::back_inserter(specs));
  }
  std::vector<ExprPtr> asked;
  asked.reserve(queries.size());
  for (const RuleText& query : queries) asked.push_back(ReadQuery(query, geofences, findings_));
  if (HasErrors(findings_)) return;
  Apply(options, specs);
  program_ =
      std::make_unique<Program>(std::move(specs), asked, std::move(geofences), options.lookback);
}

CompiledRules::~CompiledRules() = default;
CompiledRules::CompiledRules(CompiledRules&&) noexcept = default;
CompiledRules& CompiledRules::operator=(CompiledRules&&) noexcept = default;

std::size_t CompiledRules::rule_count() const {
  return program_ == nullptr ? 0 : program_->rule_count();
}

std::unique_ptr<Program> CompiledRules::Take() { return std::move(program_); }

}  // namespace fleet_edge::rules
