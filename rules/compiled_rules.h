#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/diagnostic.h"
#include "rules/engine_options.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {

class Program;

/// Rule files, read, checked and made ready to run. Making it is the work of a reload, and may be
/// done on any thread; Engine::Adopt() takes it over in little time.
class CompiledRules {
 public:
  /// As Engine::Load().
  CompiledRules(const std::vector<RuleText>& files, const std::vector<RuleText>& queries,
                const EngineOptions& options);
  ~CompiledRules();
  CompiledRules(CompiledRules&&) noexcept;
  CompiledRules& operator=(CompiledRules&&) noexcept;
  CompiledRules(const CompiledRules&) = delete;
  CompiledRules& operator=(const CompiledRules&) = delete;

  const Diagnostics& findings() const { return findings_; }

  /// 0 when the findings have errors, and once taken.
  std::size_t rule_count() const;

  /// What runs. Null when the findings have errors, and once taken.
  std::unique_ptr<Program> Take();

 private:
  Diagnostics findings_;
  std::unique_ptr<Program> program_;
};

}  // namespace fleet_edge::rules
