#include "rules/group.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <variant>

#include "core/time.h"
#include "rules/alert_rule.h"
#include "rules/engine.h"
#include "rules/node.h"
#include "rules/plan.h"
#include "rules/recording_rule.h"
#include "rules/rule_context.h"
#include "rules/rule_file.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

Group::Group(GroupSpec spec, GroupId id, Plan& plan) : spec_(std::move(spec)), id_(id) {
  rules_.reserve(spec_.rules.size());
  std::map<std::uint64_t, std::uint32_t> seen;
  for (RuleSpec& rule : spec_.rules) {
    Node& node = plan.Add(*rule.expr, id, spec_.lookback);
    Node* const clear =
        rule.clear == nullptr ? nullptr : &plan.Add(*rule.clear, id, spec_.lookback);
    reach_ = std::max(reach_, ReachOf(*rule.expr, spec_.lookback));
    if (clear != nullptr) reach_ = std::max(reach_, ReachOf(*rule.clear, spec_.lookback));
    moves_ = moves_ || Moves(*rule.expr) || (clear != nullptr && Moves(*rule.clear));
    longest_timer_ =
        std::max(longest_timer_, rule.timing.hold + rule.timing.keep_firing + rule.timing.cooldown);
    const std::uint32_t ordinal = seen[rule.fingerprint]++;
    if (rule.kind == RuleSpec::Kind::kAlert) {
      rules_.push_back({rule.fingerprint, ordinal, AlertRule(rule, node, clear)});
    } else {
      rules_.push_back({rule.fingerprint, ordinal, RecordingRule(rule, node)});
    }
    rule.expr.reset();
    rule.clear.reset();
  }
}

bool Group::Evaluate(RuleContext& context) {
  if (decided == kNever) warm_from = context.evaluation.at + reach_;
  decided = context.evaluation.at;
  bool settled = !moves_;
  for (Rule& rule : rules_) {
    const RuleOutcome outcome = EvaluateRule(context, rule);
    NoteFailure(context, rule);
    if (outcome == RuleOutcome::kStored) ++context.evaluation.epoch;
    settled = settled && outcome == RuleOutcome::kSettled;
  }
  return settled;
}

RuleOutcome Group::EvaluateRule(RuleContext& context, Rule& rule) {
  if (auto* const alert = std::get_if<AlertRule>(&rule.rule))
    return alert->Evaluate(context, warm_from);
  return std::get<RecordingRule>(rule.rule).Evaluate(context);
}

void Group::NoteFailure(RuleContext& context, Rule& rule) const {
  auto& failure = context.evaluation.failure;
  if (failure) {
    ++context.counts.evaluations_failed;
    // Told once: it mostly fails on at every instant.
    if (!rule.failed) {
      const std::size_t index = static_cast<std::size_t>(&rule - rules_.data());
      context.changes.failures.push_back(
          {spec_.file, spec_.name, spec_.rules[index].name, context.evaluation.at, *failure});
    }
  }
  rule.failed = failure.has_value();
  failure.reset();
}

void Group::TakeOver(Group& before) {
  if (before.spec_.interval == spec_.interval) {
    begins = before.begins;
    decided = before.decided;
  }
  warm_from = before.warm_from;
  for (Rule& rule : rules_) {
    for (Rule& old : before.rules_) {
      if (old.fingerprint != rule.fingerprint || old.ordinal != rule.ordinal) continue;
      if (auto* const alert = std::get_if<AlertRule>(&rule.rule)) {
        alert->written() = std::move(std::get<AlertRule>(old.rule).written());
        alert->instances() = std::exchange(std::get<AlertRule>(old.rule).instances(), {});
      } else {
        std::get<RecordingRule>(rule.rule).written() =
            std::move(std::get<RecordingRule>(old.rule).written());
      }
    }
  }
}

void Group::StartAnew() {
  begins = kNever;
  decided = kNever;
  sleeping = false;
  for (Rule& rule : rules_) {
    if (auto* const alert = std::get_if<AlertRule>(&rule.rule)) {
      for (auto& [labels, instance] : alert->instances()) instance.restored = true;
    }
  }
}

UtcTime Group::InstantUntil(UtcTime time) const {
  Duration beyond = (time - spec_.origin) % spec_.interval;
  if (beyond < Duration{0}) beyond += spec_.interval;
  return time - beyond;
}

UtcTime Group::InstantFrom(UtcTime time) const {
  const UtcTime until = InstantUntil(time);
  return until == time ? until : until + spec_.interval;
}

}  // namespace fleet_edge::rules
