#include "rules/advice.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/nearest.h"
#include "core/time.h"
#include "core/yaml.h"
#include "rules/alert_advice.h"
#include "rules/engine.h"
#include "rules/expr.h"
#include "rules/expression_advice.h"
#include "rules/expression_error.h"
#include "rules/function.h"
#include "rules/geofence.h"
#include "rules/geojson.h"
#include "rules/known_series.h"
#include "rules/label_template.h"
#include "rules/raw_rule_file.h"
#include "rules/result_labels.h"
#include "rules/rule_file.h"
#include "rules/rule_text.h"
#include "rules/scalar_position.h"

namespace fleet_edge::rules {
namespace {

/// A rule file as it is written and as it is understood; the two have the same groups and rules.
struct ReadFile {
  const RuleText* source;
  std::vector<RawGroup> raw{};
  std::vector<GroupSpec> groups{};
};

/// One rule and what it stands in.
struct Place {
  const RuleText& source;
  const RawGroup& raw_group;
  const GroupSpec& group;
  const RawRule& raw;
  const RuleSpec& rule;
};

bool HasLabel(const RuleSpec::Templates& templates, std::string_view name) {
  return std::ranges::find(templates, name, &RuleSpec::Templates::value_type::first) !=
         templates.end();
}

/// How to come by a text called `name`: by its right spelling, where that is what is missing.
std::string MendFor(std::string_view name, const RuleSpec::Templates& given, std::string mend) {
  std::vector<std::string_view> names;
  for (const auto& [key, text] : given) names.push_back(key);
  const std::string_view near = Nearest(name, names);
  if (near.empty()) return mend;
  return "Did you mean '" + std::string(name) + "' by '" + std::string(near) + "'?";
}

class Adviser {
 public:
  explicit Adviser(const VehicleFacts& vehicle)
      : has_display_(vehicle.has_display), known_(vehicle.signals) {}

  void Learn(const GroupSpec& group) {
    for (const RuleSpec& rule : group.rules) {
      if (rule.kind == RuleSpec::Kind::kRecord) known_.AddRecorded(rule.name);
    }
  }

  void Advise(const Place& place) {
    AdviseOn(place, place.raw.expr, place.rule.expr.get());
    AdviseOn(place, place.raw.clear, place.rule.clear.get());
    if (place.rule.kind == RuleSpec::Kind::kRecord) return;
    CheckCondition(place);
    CheckClear(place);
    CheckName(place);
    CheckTimers(place);
    CheckReceivers(place);
    CheckWords(place);
    for (const auto& [name, text] : place.rule.labels) {
      const YamlNode* own = place.raw.labels.Find(name);
      CheckTemplate(place, own != nullptr ? own : place.raw_group.labels.Find(name), text);
      CheckBound(place, own != nullptr ? own : place.raw_group.labels.Find(name), name, text);
    }
    for (const auto& [name, text] : place.rule.annotations) {
      CheckTemplate(place, place.raw.annotations.Find(name), text);
    }
  }

  Diagnostics Take() {
    for (Diagnostic& finding : findings_) {
      const auto places = places_.find(finding.what);
      if (places == places_.end() || places->second == 1) continue;
      const std::size_t more = places->second - 1;
      finding.what += " (and " + std::to_string(more) + " more like it)";
    }
    return std::move(findings_);
  }

 private:
  void Warn(const Place& place, Position position, std::string what, std::string mend) {
    findings_.push_back({.file = place.source.file,
                         .position = position,
                         .severity = Diagnostic::Severity::kWarning,
                         .what = std::move(what),
                         .mend = std::move(mend)});
  }

  /// Of what the configuration lacks: told where it is first missed, with the number of places.
  bool IsFirst(const std::string& what) { return ++places_[what] == 1; }

  void AdviseOn(const Place& place, const YamlNode& node, const Expr* expr) {
    if (expr == nullptr) return;
    for (auto& [text, of_vehicle] : AdviseOnExpression(*expr, place.group.interval, known_)) {
      if (of_vehicle && !IsFirst(text.what)) continue;
      Warn(place, PositionInScalar(place.source.text, node, text.offset), std::move(text.what),
           std::move(text.mend));
    }
  }

  void CheckCondition(const Place& place) {
    if (place.rule.expr == nullptr) return;
    auto doubt = DoubtThatItFilters(*place.rule.expr, known_);
    if (!doubt) return;
    Warn(place, PositionInScalar(place.source.text, place.raw.expr, doubt->offset),
         std::move(doubt->what), std::move(doubt->mend));
  }

  /// `clear` ends an alert by an element that has all labels of the alert's series.
  void CheckClear(const Place& place) {
    const Expr* const clear = place.rule.clear.get();
    if (clear == nullptr || TypeOf(*clear) == ValueType::kScalar) return;
    std::vector<std::string> names = LabelsNamedIn(*place.rule.expr);
    for (const RuleSpec::Templates* texts : {&place.rule.labels, &place.rule.annotations}) {
      for (const auto& [key, text] : *texts) {
        for (const LabelTemplate::Mention& mention : text.Mentions()) {
          names.emplace_back(mention.label);
        }
      }
    }
    const auto lacking = std::ranges::find_if(names, [&](const std::string& name) {
      return CanHaveLabel(*place.rule.expr, name) && !CanHaveLabel(*clear, name);
    });
    if (lacking == names.end()) return;
    Warn(place, PositionInScalar(place.source.text, place.raw.clear, 0),
         "no result of 'clear' has a label '" + *lacking +
             "': alerts of series that have one never end",
         "Keep the label, as `by (" + *lacking + ")` does");
  }

  void CheckName(const Place& place) {
    const std::string& name = place.rule.name;
    if (const std::size_t bad = name.find_first_of("/+#"); bad != std::string::npos) {
      Warn(place, place.raw.position,
           "the alert's name holds '" + name.substr(bad, 1) +
               "', which separates MQTT topics or stands for many: the display's topic has '_'",
           "Use letters, digits and _");
    }
    const std::string here = place.source.file + ":" + std::to_string(place.raw.position.line);
    const auto [first, fresh] = alerts_.try_emplace(name, here);
    if (fresh) return;
    Warn(place, place.raw.position,
         "an alert '" + name + "' stands in " + first->second +
             " already: on the driver's display they take each other's place",
         "Give it a name of its own");
  }

  void CheckTimers(const Place& place) {
    const auto check = [&](std::string_view key, Duration time, Position position) {
      if (time == Duration{0} || time >= place.group.interval) return;
      const std::string interval = fleet_edge::ToString(place.group.interval);
      Warn(place, position,
           "'" + std::string(key) + "' " + fleet_edge::ToString(time) +
               " is shorter than the group's interval " + interval + ", which it comes to",
           "Write " + interval + ", or make the interval shorter");
    };
    check("for", place.rule.timing.hold, place.raw.hold_position);
    check("keep_firing_for", place.rule.timing.keep_firing, place.raw.keep_firing_position);
  }

  void CheckReceivers(const Place& place) {
    const std::vector<std::string>& notify = place.rule.notify;
    if (has_display_ || std::ranges::find(notify, "driver") == notify.end()) return;
    const std::string what = "the alert is for the driver, but the configuration has no display";
    if (!IsFirst(what)) return;
    Warn(place, place.raw.notify_position, what,
         "Add `notify: {driver: {mqtt: {…}}}` to the configuration");
  }

  void CheckWords(const Place& place) {
    if (!HasLabel(place.rule.labels, "severity")) {
      Warn(place, place.raw.position, "the alert has no label 'severity' to be sorted by",
           MendFor("severity", place.rule.labels, "Add `labels: {severity: warning}`"));
    }
    if (!HasLabel(place.rule.annotations, "summary")) {
      Warn(place, place.raw.position, "the alert has no annotation 'summary' to be read",
           MendFor("summary", place.rule.annotations, "Add `annotations: {summary: …}`"));
    }
  }

  void CheckTemplate(const Place& place, const YamlNode* node, const LabelTemplate& text) {
    if (node == nullptr || place.rule.expr == nullptr) return;
    for (const LabelTemplate::Mention& mention : text.Mentions()) {
      if (CanHaveLabel(*place.rule.expr, mention.label)) continue;
      Warn(place, PositionInScalar(place.source.text, *node, mention.offset),
           "no result of the expression has a label '" + std::string(mention.label) +
               "': the text stays empty here",
           "Keep the label in the expression, as `by (" + std::string(mention.label) + ")` does");
    }
  }

  void CheckBound(const Place& place, const YamlNode* node, const std::string& name,
                  const LabelTemplate& text) {
    if (node == nullptr || !text.PrintsValue()) return;
    Warn(place, node->position,
         "the label '" + name + "' holds the alert's value: each value makes another alert",
         "Put the value into an annotation");
  }

  const bool has_display_;
  KnownSeries known_;
  std::map<std::string, std::string, std::less<>> alerts_;  // name → where
  std::map<std::string, std::size_t> places_;  // that miss the same of the configuration
  Diagnostics findings_;
};

}  // namespace

Diagnostics AdviseOnRules(const std::vector<RuleText>& files, const VehicleFacts& vehicle) {
  Adviser adviser(vehicle);
  std::vector<ReadFile> read;
  Diagnostics errors;
  const Geofences geofences = ReadGeofences(files, errors);
  for (const RuleText& source : files) {
    if (source.has_geofences()) continue;
    errors.clear();
    ReadFile& file = read.emplace_back(ReadFile{&source});
    file.groups = ReadRuleFile(source, Engine::Options{}.lookback, geofences, errors, file.raw);
    if (HasErrors(errors)) read.pop_back();
  }
  for (const ReadFile& file : read) {
    for (const GroupSpec& group : file.groups) adviser.Learn(group);
  }
  for (const ReadFile& file : read) {
    for (std::size_t i = 0; i < file.groups.size(); ++i) {
      const GroupSpec& group = file.groups[i];
      for (std::size_t j = 0; j < group.rules.size(); ++j) {
        adviser.Advise({*file.source, file.raw[i], group, file.raw[i].rules[j], group.rules[j]});
      }
    }
  }
  return adviser.Take();
}

}  // namespace fleet_edge::rules
