#include "rules/program.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/alert.h"
#include "rules/alert_rule.h"
#include "rules/expr.h"
#include "rules/group.h"
#include "rules/rule_file.h"
#include "rules/saved_alerts.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

Program::Program(std::vector<GroupSpec> specs, const std::vector<ExprPtr>& queries,
                 Duration lookback) {
  groups_.reserve(specs.size());
  for (GroupSpec& spec : specs) {
    const auto id = static_cast<GroupId>(groups_.size());
    groups_.push_back(std::make_unique<Group>(std::move(spec), id, plan_));
  }
  for (const ExprPtr& expr : queries) {
    const auto id = static_cast<GroupId>(groups_.size() + queries_.size());
    queries_.push_back({id, TypeOf(*expr), &plan_.Add(*expr, id, lookback)});
  }
}

void Program::TakeOver(Program& before) {
  // Two files may have a group of the same name: by file first.
  std::map<std::pair<std::string_view, std::string_view>, Group*> old;
  for (const auto& group : before.groups_)
    old[{group->spec().file, group->spec().name}] = group.get();
  for (const auto& group : groups_) {
    const auto found = old.find({group->spec().file, group->spec().name});
    if (found != old.end()) group->TakeOver(*found->second);
  }
}

void Program::Wire(SeriesStore& store) {
  std::vector<UtcTime> decided;
  for (const auto& group : groups_) decided.push_back(group->decided);
  decided.resize(groups_.size() + queries_.size(), kNever);
  store.Rewire(plan_.selections(), pool_, decided);
}

std::vector<SavedAlert> Program::Save() const {
  std::vector<SavedAlert> saved;
  for (const auto& group : groups_) {
    for (const Group::Rule& rule : group->rules()) {
      const auto* const alerts = std::get_if<AlertRule>(&rule.rule);
      if (alerts == nullptr) continue;
      for (const auto& [labels, instance] : alerts->instances()) {
        saved.push_back({group->spec().file, group->spec().name, rule.fingerprint, rule.ordinal,
                         labels, instance.series_labels, instance.value, instance.alert.memory()});
      }
    }
  }
  return saved;
}

void Program::Restore(const std::vector<SavedAlert>& alerts) {
  std::map<std::tuple<std::string_view, std::string_view, std::uint64_t, std::uint32_t>, AlertRule*>
      rules;
  for (const auto& group : groups_) {
    for (Group::Rule& rule : group->rules()) {
      auto* const alert_rule = std::get_if<AlertRule>(&rule.rule);
      if (alert_rule == nullptr) continue;
      rules[{group->spec().file, group->spec().name, rule.fingerprint, rule.ordinal}] = alert_rule;
    }
  }
  for (const SavedAlert& saved : alerts) {
    const auto found = rules.find({saved.file, saved.group, saved.fingerprint, saved.ordinal});
    if (found == rules.end()) continue;
    AlertRule::Instances& instances = found->second->instances();
    if (instances.size() >= AlertRule::kMostAlerts) continue;
    AlertRule::Instance& instance = instances[saved.labels];
    instance.alert = Alert(saved.memory);
    instance.series_labels = saved.series_labels;
    instance.value = saved.value;
    instance.restored = true;
  }
}

}  // namespace fleet_edge::rules
