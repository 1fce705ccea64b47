#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/alert.h"
#include "rules/alert_event.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/external.h"
#include "rules/function.h"
#include "rules/node.h"
#include "rules/rule_context.h"
#include "rules/rule_file.h"
#include "rules/written_series.h"

namespace fleet_edge::rules {

/// The alerts of one alert rule, one for each label set that its expression has yielded.
///
/// Owned by the engine's program, on its thread; `spec` and the nodes outlive it; the
/// spec's expressions may go. At most
/// kMostAlerts alerts: further elements are counted and make no alert.
class AlertRule {
 public:
  static constexpr std::size_t kMostAlerts = 10'000;

  /// One alert with what it was last seen with.
  struct Instance {
    Alert alert;
    Labels series_labels;  ///< of the element, with its name
    double value = 0;
    UtcTime seen_at{};      ///< the last instant that yielded the element
    bool restored = false;  ///< and not seen since
    std::uint64_t round = 0;
  };
  using Instances = std::map<Labels, Instance>;

  /// `clear` is null for rules without one.
  AlertRule(const RuleSpec& spec, Node& condition, Node* clear)
      : spec_(spec),
        condition_(condition),
        clear_(clear),
        clear_is_scalar_(clear != nullptr && TypeOf(*spec.clear) == ValueType::kScalar) {}

  /// Appends the changes of the instant. Restored alerts whose element is missing stay as they are
  /// before `warm_from`, when all windows are full again. Sets the evaluation's failure and changes
  /// nothing when there is no result.
  RuleOutcome Evaluate(RuleContext& context, UtcTime warm_from);

  /// Appends what each firing alert says as of the last instant it was seen at.
  void AppendFiring(const External& external, std::vector<AlertEvent>& events) const;

  /// Appends the end of each active alert: its rule is no longer there. Their `at` is the caller's
  /// to set.
  void AppendEnds(const External& external, std::vector<AlertEvent>& events) const;

  /// The annotations as of the last instant the alert was seen at.
  Labels AnnotationsOf(const Instance& instance, const External& external) const;

  /// `ALERTS` and `ALERTS_FOR_STATE`, where a rule asks for them.
  WrittenSeries& written() { return written_; }
  const WrittenSeries& written() const { return written_; }

  Instances& instances() { return instances_; }
  const Instances& instances() const { return instances_; }
  const RuleSpec& spec() const { return spec_; }

 private:
  struct Seen {
    Labels labels;
    const Element* element;
  };

  /// The alerts that the elements make, in their order; empty with the evaluation's failure set
  /// when two have the same labels.
  std::vector<Seen> Look(RuleContext& context, const Vector& result) const;
  void Meet(RuleContext& context, const std::vector<Seen>& seen);
  bool StepAll(RuleContext& context, const std::vector<Seen>& seen, const Vector* clear,
               UtcTime warm_from);
  bool WriteStates(RuleContext& context);
  bool Cleared(const Vector& clear, const Instance& instance) const;
  void StepOne(RuleContext& context, const Labels& labels, Instance& instance,
               Alert::Sight sight) const;
  AlertEvent EventOf(const Labels& labels, const Instance& instance, Alert::Change change,
                     const External& external) const;

  const RuleSpec& spec_;
  Node& condition_;
  Node* const clear_;
  const bool clear_is_scalar_;
  Instances instances_;
  WrittenSeries written_;
  std::uint64_t round_ = 0;
};

/// Adds those of `more` whose names `labels` has not.
void AddMissing(const Labels& more, Labels& labels);

}  // namespace fleet_edge::rules
