#include "rules/rule_file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/file_kind.h"
#include "rules/geofence.h"
#include "rules/label_pool.h"
#include "rules/label_template.h"
#include "rules/parser.h"
#include "rules/position_nodes.h"
#include "rules/raw_rule_file.h"
#include "rules/rule_text.h"
#include "rules/scalar_position.h"
#include "rules/type_check.h"

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kLongestFile = 16U << 20U;

/// FNV-1a: the same in every run and on every machine.
class Fingerprint {
 public:
  void Add(std::string_view text) {
    for (const char c : text) Mix(static_cast<unsigned char>(c));
    Mix(0x100);  // no character
  }
  void Add(Duration duration) { Add(fleet_edge::ToString(duration)); }

  std::uint64_t value() const { return value_; }

 private:
  void Mix(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }

  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

/// Reads what the YAML only quotes: expressions, templates, labels.
class RuleReader {
 public:
  RuleReader(std::string_view text, const Geofences& geofences, const Section::Context& context)
      : text_(text), geofences_(geofences), context_(context) {}

  RuleSpec Read(const RawRule& raw, const RawGroup& group) const {
    RuleSpec rule;
    rule.kind = raw.record.empty() ? RuleSpec::Kind::kAlert : RuleSpec::Kind::kRecord;
    rule.name = raw.record.empty() ? raw.alert : raw.record;
    rule.expr = ReadExpression(raw.expr);
    rule.timing = {raw.hold.value_or(Duration{}), raw.keep_firing.value_or(Duration{}),
                   raw.cooldown.value_or(Duration{}), raw.clear.kind != YamlNode::Kind::kNull};
    if (rule.timing.clears) rule.clear = ReadExpression(raw.clear);
    rule.notify = raw.notify.value_or(std::vector<std::string>{"fleet"});
    RuleSpec::LabelTexts labels = ReadLabels(raw.labels);
    labels.merge(ReadLabels(group.labels));
    const RuleSpec::LabelTexts annotations = ReadLabels(raw.annotations);
    rule.fingerprint = FingerprintOf(rule, labels, annotations);
    if (rule.kind == RuleSpec::Kind::kRecord) {
      rule.record_labels = std::move(labels);
      return rule;
    }
    ReadTemplates(group.labels, rule.labels);
    ReadTemplates(raw.labels, rule.labels);
    ReadTemplates(raw.annotations, rule.annotations);
    return rule;
  }

 private:
  void Fail(const YamlNode& scalar, const ExpressionError& error) const {
    context_.Fail(PositionInScalar(text_, scalar, error.offset), error.what, error.mend);
  }

  bool ExpectScalar(const YamlNode& node, std::string_view what) const {
    if (node.kind == YamlNode::Kind::kScalar) return true;
    context_.Fail(node.position, std::string(what) + " is not a text", "Write one value");
    return false;
  }

  /// Null when it can't be read.
  ExprPtr ReadExpression(const YamlNode& node) const {
    if (node.position == Position{}) return nullptr;  // its key is missing, which was told there
    if (node.kind == YamlNode::Kind::kNull) {
      context_.Fail(node.position, "the expression is empty",
                    "Write one, like `engine_coolant_celsius > 105`");
      return nullptr;
    }
    if (!ExpectScalar(node, "the expression")) return nullptr;
    try {
      ExprPtr expr = ParseExpression(node.text);
      std::vector<ExpressionError> errors = CheckTypes(*expr);
      CheckGeofences(*expr, geofences_, errors);
      for (const ExpressionError& error : errors) Fail(node, error);
      return errors.empty() ? std::move(expr) : nullptr;
    } catch (const ExpressionError& error) {
      Fail(node, error);
      return nullptr;
    }
  }

  /// A mapping of label names to texts, as they stand.
  RuleSpec::LabelTexts ReadLabels(const YamlNode& node) const {
    RuleSpec::LabelTexts labels;
    if (node.kind == YamlNode::Kind::kNull) return labels;
    if (node.kind != YamlNode::Kind::kMapping) {
      context_.Fail(node.position, "expected names and texts", "Write `{name: text}`");
    }
    for (const auto& [key, value] : node.entries) {
      if (!IsLabelName(key.text) || key.text == kNameLabel) {
        context_.Fail(key.position, "'" + key.text + "' is no label name",
                      "Use letters, digits and _");
      } else if (ExpectScalar(value, "'" + key.text + "'")) {
        labels[key.text] = value.text;
      }
    }
    return labels;
  }

  /// The same as templates; a later one of the same name replaces the earlier.
  void ReadTemplates(const YamlNode& node, RuleSpec::Templates& templates) const {
    for (const auto& [key, value] : node.entries) {
      try {
        LabelTemplate text = LabelTemplate::Parse(value.text);
        std::erase_if(templates,
                      [&, &name = key](const auto& earlier) { return earlier.first == name.text; });
        templates.emplace_back(key.text, std::move(text));
      } catch (const ExpressionError& error) {
        Fail(value, error);
      }
    }
  }

  static std::uint64_t FingerprintOf(const RuleSpec& rule, const RuleSpec::LabelTexts& labels,
                                     const RuleSpec::LabelTexts& annotations) {
    Fingerprint fingerprint;
    fingerprint.Add(rule.kind == RuleSpec::Kind::kAlert ? "alert" : "record");
    fingerprint.Add(rule.name);
    fingerprint.Add(rule.expr == nullptr ? "" : ToString(*rule.expr));
    fingerprint.Add(rule.clear == nullptr ? "" : ToString(*rule.clear));
    fingerprint.Add(rule.timing.hold);
    fingerprint.Add(rule.timing.keep_firing);
    fingerprint.Add(rule.timing.cooldown);
    for (const std::string& receiver : rule.notify) fingerprint.Add(receiver);
    for (const auto* const texts : {&labels, &annotations}) {
      for (const auto& [name, text] : *texts) {
        fingerprint.Add(name);
        fingerprint.Add(text);
      }
      fingerprint.Add("");
    }
    return fingerprint.value();
  }

  const std::string_view text_;
  const Geofences& geofences_;
  const Section::Context& context_;
};

}  // namespace

std::vector<GroupSpec> ReadRuleFile(const RuleText& source, Duration lookback,
                                    const Geofences& geofences, Diagnostics& diagnostics) {
  std::vector<RawGroup> raw;
  return ReadRuleFile(source, lookback, geofences, diagnostics, raw);
}

std::vector<GroupSpec> ReadRuleFile(const RuleText& source, Duration lookback,
                                    const Geofences& geofences, Diagnostics& diagnostics,
                                    std::vector<RawGroup>& raw_groups) {
  const Section::Context context{source.file, diagnostics};
  if (source.text.size() > kLongestFile) {
    context.Fail({}, "the file is larger than 16 MiB", "Split it");
    return {};
  }
  const YamlNode root = ParseYaml(source.text, source.file, diagnostics);
  if (root.kind == YamlNode::Kind::kNull) return {};  // empty, or reported
  if (IsOfOtherKind(root, FileKind::kRules, context)) return {};
  RawRuleFile raw;
  Section::Read(root, context, raw);
  const RuleReader reader(source.text, geofences, context);
  std::vector<GroupSpec> groups;
  for (const RawGroup& raw_group : raw.groups) {
    GroupSpec& group = groups.emplace_back();
    group.file = source.file;
    group.name = raw_group.name;
    group.interval = raw_group.interval;
    group.lateness = raw_group.lateness;
    group.lookback = raw_group.lookback.value_or(raw.lookback.value_or(lookback));
    for (const RawRule& rule : raw_group.rules) group.rules.push_back(reader.Read(rule, raw_group));
  }
  raw_groups = std::move(raw.groups);
  return groups;
}

}  // namespace fleet_edge::rules
