#include "rules/alert_rule.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert.h"
#include "rules/alert_event.h"
#include "rules/evaluation.h"
#include "rules/external.h"
#include "rules/function.h"
#include "rules/label_pool.h"
#include "rules/rule_context.h"

namespace fleet_edge::rules {
namespace {

// What Prometheus calls the series of its alerts' states, and of the seconds since when they hold.
constexpr std::string_view kAlertsName = "ALERTS";
constexpr std::string_view kSinceName = "ALERTS_FOR_STATE";

}  // namespace

RuleOutcome AlertRule::Evaluate(RuleContext& context, UtcTime warm_from) {
  Evaluation& evaluation = context.evaluation;
  const std::vector<Seen> seen = Look(context, condition_.Evaluate(evaluation));
  const Vector* const clear = clear_ == nullptr ? nullptr : &clear_->Evaluate(evaluation);
  if (evaluation.failure) return RuleOutcome::kSettled;
  Meet(context, seen);
  const bool settled = StepAll(context, seen, clear, warm_from);
  if (WriteStates(context)) return RuleOutcome::kStored;
  return settled ? RuleOutcome::kSettled : RuleOutcome::kMoving;
}

bool AlertRule::StepAll(RuleContext& context, const std::vector<Seen>& seen, const Vector* clear,
                        UtcTime warm_from) {
  const UtcTime at = context.evaluation.at;
  const std::size_t changes_before = context.changes.alerts.size();
  for (const Seen& each : seen) {
    if (const auto found = instances_.find(each.labels); found != instances_.end()) {
      StepOne(context, found->first, found->second, {.present = true});
    }
  }
  bool settled = true;
  for (auto it = instances_.begin(); it != instances_.end();) {
    Instance& instance = it->second;
    if (instance.round != round_) {
      const bool cold = instance.restored && at < warm_from;
      const bool cleared = clear != nullptr && Cleared(*clear, instance);
      if (!cold) StepOne(context, it->first, instance, {.cleared = cleared});
      settled = settled && !cold;
    }
    settled = settled && instance.alert.Settled(spec_.timing);
    it = instance.alert.Forgettable(at, spec_.timing) ? instances_.erase(it) : std::next(it);
  }
  return settled && context.changes.alerts.size() == changes_before;
}

bool AlertRule::WriteStates(RuleContext& context) {
  const bool alerts = context.store.Wants(kAlertsName);
  const bool since = context.store.Wants(kSinceName);
  if (!alerts && !since) return false;
  const UtcTime at = context.evaluation.at;
  std::vector<Reading> readings;
  const auto add = [&](std::string_view name, const Labels& labels, double value) {
    if (const Series* const series = context.registry.Find(name, labels)) {
      readings.push_back({series, at, value, Quality::kGood});
    } else {
      ++context.counts.series_over_limit;
    }
  };
  for (const auto& [own, instance] : instances_) {
    const Alert::Memory& memory = instance.alert.memory();
    if (!instance.alert.active()) continue;
    Labels labels = own;
    labels.Set("alertname", spec_.name);
    if (since) add(kSinceName, labels, ToSeconds(memory.active_since));
    labels.Set("alertstate", ToString(memory.state));
    if (alerts) add(kAlertsName, labels, 1);
  }
  return written_.Write(context, readings);
}

std::vector<AlertRule::Seen> AlertRule::Look(RuleContext& context, const Vector& result) const {
  std::vector<Seen> seen;
  seen.reserve(result.size());
  for (const Element& element : result) {
    Labels labels = element.labels->nameless->labels;
    for (const auto& [name, text] : spec_.labels) {
      labels.Set(name, text.Expand({.value = element.value,
                                    .labels = element.labels->labels,
                                    .external = context.external,
                                    .alert = spec_.name}));
    }
    seen.push_back({std::move(labels), &element});
  }
  std::vector<const Labels*> sorted;
  sorted.reserve(seen.size());
  for (const Seen& each : seen) sorted.push_back(&each.labels);
  const auto less = [](const Labels* a, const Labels* b) { return *a < *b; };
  std::ranges::sort(sorted, less);
  const auto same = [](const Labels* a, const Labels* b) { return *a == *b; };
  if (std::ranges::adjacent_find(sorted, same) != sorted.end()) {
    context.evaluation.Fail("two elements make the same alert once the rule's labels are set");
  }
  return seen;
}

void AlertRule::Meet(RuleContext& context, const std::vector<Seen>& seen) {
  ++round_;
  for (const auto& [labels, element] : seen) {
    auto found = instances_.find(labels);
    if (found == instances_.end()) {
      if (instances_.size() >= kMostAlerts) {
        ++context.counts.alerts_over_limit;
        continue;
      }
      found = instances_.try_emplace(labels).first;
    }
    Instance& instance = found->second;
    instance.round = round_;
    instance.restored = false;
    instance.value = element->value;
    instance.seen_at = context.evaluation.at;
    if (instance.series_labels != element->labels->labels)
      instance.series_labels = element->labels->labels;
  }
}

bool AlertRule::Cleared(const Vector& clear, const Instance& instance) const {
  if (clear_is_scalar_) {
    const double value = clear.front().value;
    return value != 0 && !std::isnan(value);
  }
  return std::ranges::any_of(clear, [&](const Element& element) {
    return std::ranges::all_of(instance.series_labels, [&](const Labels::Pair& label) {
      return label.first == kNameLabel || element.labels->labels.Get(label.first) == label.second;
    });
  });
}

void AlertRule::StepOne(RuleContext& context, const Labels& labels, Instance& instance,
                        Alert::Sight sight) const {
  const UtcTime at = context.evaluation.at;
  const std::optional<Alert::Change> change = instance.alert.Step(at, sight, spec_.timing);
  if (!change) return;
  AlertEvent& event =
      context.changes.alerts.emplace_back(EventOf(labels, instance, *change, context.external));
  event.at = at;
}

void AlertRule::AppendFiring(const External& external, std::vector<AlertEvent>& events) const {
  for (const auto& [labels, instance] : instances_) {
    const Alert::Memory& memory = instance.alert.memory();
    if (memory.state != AlertState::kFiring) continue;
    events.push_back(EventOf(labels, instance, {AlertState::kFiring, memory.told}, external));
    events.back().at = instance.seen_at;
  }
}

void AlertRule::AppendEnds(const External& external, std::vector<AlertEvent>& events) const {
  for (const auto& [labels, instance] : instances_) {
    if (!instance.alert.active()) continue;
    const Alert::Memory& memory = instance.alert.memory();
    const bool fires = memory.state == AlertState::kFiring;
    events.push_back(EventOf(labels, instance,
                             {fires ? AlertState::kResolved : AlertState::kInactive, memory.told},
                             external));
  }
}

AlertEvent AlertRule::EventOf(const Labels& labels, const Instance& instance, Alert::Change change,
                              const External& external) const {
  AlertEvent event;
  event.alert = spec_.name;
  event.state = change.state;
  event.active_since = instance.alert.memory().active_since;
  event.value = instance.value;
  event.labels = labels;
  if (external.marks_alerts) AddMissing(external.labels, event.labels);
  event.annotations = AnnotationsOf(instance, external);
  event.notify = spec_.notify;
  event.cooled_down = change.cooled_down;
  return event;
}

Labels AlertRule::AnnotationsOf(const Instance& instance, const External& external) const {
  Labels annotations;
  for (const auto& [name, text] : spec_.annotations) {
    annotations.Set(name, text.Expand({.value = instance.value,
                                       .labels = instance.series_labels,
                                       .external = external,
                                       .alert = spec_.name}));
  }
  return annotations;
}

void AddMissing(const Labels& more, Labels& labels) {
  for (const auto& [name, value] : more) {
    if (labels.Get(name).empty()) labels.Set(name, value);
  }
}

}  // namespace fleet_edge::rules
