#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/time.h"
#include "rules/alert.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/label_template.h"
#include "rules/raw_rule_file.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {

/// One rule as its file says it, parsed and checked.
struct RuleSpec {
  enum class Kind : std::uint8_t { kAlert, kRecord };

  using Templates = std::vector<std::pair<std::string, LabelTemplate>>;
  /// By name; an empty text takes the label away that an element comes with.
  using LabelTexts = std::map<std::string, std::string>;

  Kind kind = Kind::kAlert;
  std::string name;
  ExprPtr expr;
  LabelTexts record_labels;  ///< of a recording rule: as they stand

  // Of an alert.
  ExprPtr clear;  ///< null: none
  AlertTiming timing;
  std::vector<std::string> notify;
  Templates labels;
  Templates annotations;

  std::uint64_t fingerprint =
      0;  ///< of all of the above: equal for the same text, across runs and versions
};

/// A group of rules that are evaluated together, in their order.
struct GroupSpec {
  std::string file;
  std::string name;
  Duration interval{};
  Duration lateness{};
  Duration lookback{};
  UtcTime origin{};  ///< instants are this plus multiples of the interval
  std::vector<RuleSpec> rules;
};

/// Reads one rule file strictly. All that is wrong with it is added to `diagnostics`; what is
/// returned is then incomplete. `lookback` holds where neither group nor file says otherwise;
/// `geofences` are those that its expressions may name.
std::vector<GroupSpec> ReadRuleFile(const RuleText& source, Duration lookback,
                                    const Geofences& geofences, Diagnostics& diagnostics);

/// The same; `raw` becomes what the YAML says of each group and rule, in the same order.
std::vector<GroupSpec> ReadRuleFile(const RuleText& source, Duration lookback,
                                    const Geofences& geofences, Diagnostics& diagnostics,
                                    std::vector<RawGroup>& raw);

}  // namespace fleet_edge::rules
