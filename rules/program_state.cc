#include "rules/program_state.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "core/series.h"
#include "rules/alert.h"
#include "rules/alert_event.h"
#include "rules/alert_rule.h"
#include "rules/external.h"
#include "rules/group.h"
#include "rules/program.h"
#include "rules/saved_state.h"
#include "rules/written_series.h"

namespace fleet_edge::rules {
namespace {

SavedRule IdOf(const Group& group, const Group::Rule& rule) {
  return {group.spec().file, group.spec().name, rule.fingerprint, rule.ordinal};
}

WrittenSeries& WrittenBy(Group::Rule& rule) {
  return std::visit([](auto& each) -> WrittenSeries& { return each.written(); }, rule.rule);
}

void SaveAlerts(const SavedRule& id, const AlertRule& rule, const External& external,
                std::vector<SavedAlert>& alerts) {
  for (const auto& [labels, instance] : rule.instances()) {
    alerts.push_back({id, labels, instance.series_labels, instance.value, instance.seen_at,
                      instance.alert.memory(), rule.spec().name, rule.spec().notify,
                      rule.AnnotationsOf(instance, external)});
  }
}

void SaveWritten(const SavedRule& id, const WrittenSeries& written, SavedState& state) {
  if (written.last().empty()) return;
  SavedWritten& saved = state.written.emplace_back(id, std::vector<SavedSeries>{});
  for (const Series* const series : written.last()) {
    saved.series.push_back({series->name, series->labels});
  }
}

AlertEvent EndOf(const SavedAlert& saved, const External& external) {
  const bool fires = saved.memory.state == AlertState::kFiring;
  AlertEvent event;
  event.alert = saved.name;
  event.state = fires ? AlertState::kResolved : AlertState::kInactive;
  event.active_since = saved.memory.active_since;
  event.value = saved.value;
  event.labels = saved.labels;
  if (external.marks_alerts) AddMissing(external.labels, event.labels);
  event.annotations = saved.annotations;
  event.notify = saved.notify;
  event.cooled_down = saved.memory.told;
  return event;
}

void RestoreAlert(AlertRule& rule, const SavedAlert& saved) {
  AlertRule::Instances& instances = rule.instances();
  if (instances.size() >= AlertRule::kMostAlerts) return;
  AlertRule::Instance& instance = instances[saved.labels];
  instance.alert = Alert(saved.memory);
  instance.series_labels = saved.series_labels;
  instance.value = saved.value;
  instance.seen_at = saved.seen_at;
  instance.restored = true;
}

void RestoreGroups(Program& program, const SavedState& state) {
  std::map<std::pair<std::string_view, std::string_view>, Group*> groups;
  for (const auto& group : program.groups())
    groups[{group->spec().file, group->spec().name}] = group.get();
  for (const SavedGroup& saved : state.groups) {
    const auto found = groups.find({saved.file, saved.name});
    if (found == groups.end()) continue;
    found->second->begins = saved.begins;
    found->second->decided = saved.decided;
    found->second->warm_from = saved.warm_from;
    found->second->sleeping = saved.sleeping;
  }
}

}  // namespace

void SaveProgram(const Program& program, const External& external, SavedState& state) {
  for (const auto& group : program.groups()) {
    state.groups.push_back({group->spec().file, group->spec().name, group->begins, group->decided,
                            group->warm_from, group->sleeping});
    for (Group::Rule& rule : group->rules()) {
      const SavedRule id = IdOf(*group, rule);
      if (const auto* const alerts = std::get_if<AlertRule>(&rule.rule))
        SaveAlerts(id, *alerts, external, state.alerts);
      SaveWritten(id, WrittenBy(rule), state);
    }
  }
  state.memories = program.Remember();
}

std::vector<AlertEvent> RestoreProgram(Program& program, const SavedState& state,
                                       const External& external, SeriesRegistry& registry) {
  RestoreGroups(program, state);
  program.Recall(state.memories);
  std::map<SavedRule, Group::Rule*> rules;
  for (const auto& group : program.groups()) {
    for (Group::Rule& rule : group->rules()) rules[IdOf(*group, rule)] = &rule;
  }
  std::vector<AlertEvent> ends;
  for (const SavedAlert& saved : state.alerts) {
    const auto found = rules.find(saved.rule);
    if (found != rules.end()) {
      RestoreAlert(std::get<AlertRule>(found->second->rule), saved);
    } else if (saved.memory.state != AlertState::kInactive) {
      ends.push_back(EndOf(saved, external));
    }
  }
  for (const SavedWritten& saved : state.written) {
    const auto found = rules.find(saved.rule);
    if (found == rules.end()) continue;
    std::set<const Series*>& last = WrittenBy(*found->second).last();
    for (const auto& [name, labels] : saved.series) {
      if (const Series* const series = registry.Find(name, labels)) last.insert(series);
    }
  }
  return ends;
}

}  // namespace fleet_edge::rules
