#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/alert_rule.h"
#include "rules/plan.h"
#include "rules/recording_rule.h"
#include "rules/rule_context.h"
#include "rules/rule_file.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// A group of rules, its instants and where it stands among them.
///
/// Owned by the engine's program, on its thread.
class Group {
 public:
  /// A rule and what a later run or program knows it by.
  struct Rule {
    std::uint64_t fingerprint;
    std::uint32_t ordinal;  ///< among the group's rules with the same fingerprint
    std::variant<AlertRule, RecordingRule> rule;
    bool failed = false;  ///< at the last instant
  };

  /// Adds the operations of its rules to `plan`, which outlives it.
  Group(GroupSpec spec, GroupId id, Plan& plan);
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  ~Group() = default;

  /// Evaluates all rules in their order at the instant in `context`. True when it is settled:
  /// without new samples no later instant says anything else.
  bool Evaluate(RuleContext& context);

  /// Goes on where `before`, the same group of an earlier program, stands; rules with the same text
  /// keep their state, and `before` loses it.
  void TakeOver(Group& before);

  /// The first instant at or after `time`, the last at or before it.
  UtcTime InstantFrom(UtcTime time) const;
  UtcTime InstantUntil(UtcTime time) const;

  UtcTime DueOf(UtcTime instant) const { return instant + spec_.lateness; }

  const GroupSpec& spec() const { return spec_; }
  GroupId id() const { return id_; }
  std::vector<Rule>& rules() { return rules_; }
  const std::vector<Rule>& rules() const { return rules_; }

  /// How far back from an instant its rules look.
  Duration reach() const { return reach_; }

  /// No alert of it moves longer than this without new samples.
  Duration longest_timer() const { return longest_timer_; }

  /// Forgets where it stands: the next instant is its first.
  void StartAnew();

  UtcTime begins = kNever;     ///< its first instant
  UtcTime decided = kNever;    ///< the last instant that was evaluated, or passed asleep
  bool sleeping = false;       ///< waits for a sample instead of evaluating instants
  UtcTime warm_from = kNever;  ///< windows are full from here on

 private:
  RuleOutcome EvaluateRule(RuleContext& context, Rule& rule);
  void NoteFailure(RuleContext& context, Rule& rule) const;

  GroupSpec spec_;  // without expressions: the plan has them
  const GroupId id_;
  Duration reach_{};
  Duration longest_timer_{};
  bool moves_ = false;  // an expression changes even without samples
  std::vector<Rule> rules_;
};

}  // namespace fleet_edge::rules
