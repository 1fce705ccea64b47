#include "rules/program.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/alert_rule.h"
#include "rules/expr.h"
#include "rules/external.h"
#include "rules/geofence.h"
#include "rules/group.h"
#include "rules/node.h"
#include "rules/plan.h"
#include "rules/rule_file.h"
#include "rules/saved_state.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

Program::Program(std::vector<GroupSpec> specs, const std::vector<ExprPtr>& queries,
                 Geofences geofences, Duration lookback)
    : geofences_(std::move(geofences)) {
  groups_.reserve(specs.size());
  for (GroupSpec& spec : specs) {
    const auto id = static_cast<GroupId>(groups_.size());
    groups_.push_back(std::make_unique<Group>(std::move(spec), id, plan_));
  }
  for (const ExprPtr& expr : queries) {
    const auto id = static_cast<GroupId>(groups_.size() + queries_.size());
    queries_.push_back({id, TypeOf(*expr), &plan_.Add(*expr, id, lookback)});
  }
  plan_.Seal();
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
  Recall(before.Remember());
}

std::vector<SavedMemory> Program::Remember() const {
  std::vector<SavedMemory> memories;
  for (const Plan::Stateful& stateful : plan_.stateful()) {
    if (stateful.group >= groups_.size()) continue;  // a query's: nothing outlives it
    std::string bytes = stateful.node->Remember();
    if (!bytes.empty()) memories.push_back({KeyOf(stateful), std::move(bytes)});
  }
  return memories;
}

void Program::Recall(const std::vector<SavedMemory>& memories) {
  std::map<std::string, Node*> nodes;
  for (const Plan::Stateful& stateful : plan_.stateful()) {
    if (stateful.group < groups_.size()) nodes[KeyOf(stateful)] = stateful.node;
  }
  for (const auto& [key, bytes] : memories) {
    const auto found = nodes.find(key);
    if (found != nodes.end()) found->second->Recall(bytes, pool_);
  }
}

std::string Program::KeyOf(const Plan::Stateful& stateful) const {
  const GroupSpec& group = groups_[stateful.group]->spec();
  return group.file + "\n" + group.name + "\n" + stateful.expression;
}

void Program::Wire(SeriesStore& store) {
  std::vector<UtcTime> decided;
  decided.reserve(groups_.size() + queries_.size());
  for (const auto& group : groups_) decided.push_back(group->decided);
  decided.resize(decided.size() + queries_.size(), kNever);
  store.Rewire(plan_.selections(), pool_, decided);
}

std::size_t Program::rule_count() const {
  std::size_t count = 0;
  for (const auto& group : groups_) count += group->rules().size();
  return count;
}

std::vector<std::string> Program::alert_names() const {
  std::vector<std::string> names;
  ForEachAlertRule([&](const Group&, const Group::Rule&, const AlertRule& rule) {
    names.push_back(rule.spec().name);
  });
  return names;
}

Duration Program::max_lateness() const {
  Duration longest{0};
  for (const auto& group : groups_) longest = std::max(longest, group->spec().lateness);
  return longest;
}

std::vector<AlertEvent> Program::Firing(const External& external) const {
  std::vector<AlertEvent> events;
  ForEachAlertRule([&](const Group&, const Group::Rule&, const AlertRule& rule) {
    rule.AppendFiring(external, events);
  });
  return events;
}

}  // namespace fleet_edge::rules
