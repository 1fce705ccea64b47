#include "rules/testing/test_file.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
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
#include "rules/alert_event.h"
#include "rules/expression_error.h"
#include "rules/file_kind.h"
#include "rules/label_pool.h"
#include "rules/number.h"
#include "rules/parser.h"
#include "rules/rule_text.h"
#include "rules/scalar_position.h"
#include "rules/testing/raw_test_file.h"
#include "rules/testing/series_notation.h"
#include "rules/token_reader.h"
#include "rules/type_check.h"

namespace fleet_edge::rules {
namespace {

bool IsGiven(const YamlNode& node) { return node.kind != YamlNode::Kind::kNull; }

constexpr std::string_view kAlertName = "alertname";

Labels ToLabels(const RawLabels& raw) {
  Labels labels;
  for (const auto& [name, value] : raw) labels.Set(name, value);
  return labels;
}

/// With the alert's name, which the file leaves out.
Labels ToAlertLabels(const RawLabels& raw, const std::string& alert) {
  Labels labels = ToLabels(raw);
  labels.Set(kAlertName, alert);
  return labels;
}

/// A number as YAML and people write it: `1e3`, `-0x1f`, `.inf`, `NaN`.
std::optional<double> ParseValue(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::optional<double> number;
  const std::string word = Lower(text);
  if (word == "inf" || word == ".inf") {
    number = std::numeric_limits<double>::infinity();
  } else if (word == "nan" || word == ".nan") {
    number = std::numeric_limits<double>::quiet_NaN();
  } else {
    number = ParseNumber(text);
  }
  return number && negative ? -*number : number;
}

/// Reads what the YAML only quotes: series, values, expressions, times.
class TestReader {
 public:
  TestReader(std::string_view text, const Section::Context& context)
      : text_(text), context_(context) {}

  RuleTest Read(const RawTest& raw, std::size_t index, Duration interval) const {
    RuleTest test;
    test.position = raw.position;
    test.name = raw.name.empty() ? "unnamed#" + std::to_string(index) : raw.name;
    test.interval = raw.interval.value_or(Duration{0});
    if (test.interval == Duration{0}) test.interval = interval;
    test.start = ReadStart(raw.start_timestamp);
    for (const RawInputSeries& input : raw.input_series) ReadSeries(input, test.series);
    test.recordings = raw.input_recordings;
    for (const RawAlertTest& alert : raw.alert_tests) test.alerts.push_back(ReadAlert(alert));
    for (const RawExpressionTest& expression : raw.expression_tests) {
      test.expressions.push_back(ReadExpression(expression));
    }
    for (const RawNotificationTest& notification : raw.notification_tests) {
      test.notifications.push_back(ReadNotification(notification));
    }
    test.external_labels = ToLabels(raw.external_labels);
    test.external_url = raw.external_url;
    return test;
  }

 private:
  void Fail(const YamlNode& scalar, const ExpressionError& error) const {
    context_.Fail(PositionInScalar(text_, scalar, error.offset), error.what, error.mend);
  }

  /// What `parse` makes of the scalar; nothing when it can't be read. A missing one is reported
  /// already, or reads as an empty text.
  template <typename Parse>
  auto Parsed(const YamlNode& node, const Parse& parse) const
      -> std::optional<decltype(parse(std::string_view{}))> {
    if (node.kind == YamlNode::Kind::kSequence || node.kind == YamlNode::Kind::kMapping) {
      context_.Fail(node.position, "this is not a text", "Write one value");
      return std::nullopt;
    }
    try {
      return parse(std::string_view(node.text));
    } catch (const ExpressionError& error) {
      Fail(node, error);
      return std::nullopt;
    }
  }

  UtcTime ReadStart(const YamlNode& node) const {
    if (node.kind == YamlNode::Kind::kNull) return {};
    const auto time = Parsed(node, [](std::string_view text) {
      if (const std::optional<double> seconds = ParseValue(text)) {
        if (const std::optional<UtcTime> counted = UtcFromSeconds(*seconds)) return *counted;
      } else if (const std::optional<UtcTime> parsed = ParseUtcTime(text)) {
        return *parsed;
      }
      throw ExpressionError{0, "'" + std::string(text) + "' is no time",
                            "Write it like 2026-11-21T06:28:35Z, or as seconds since 1970"};
    });
    return time.value_or(UtcTime{});
  }

  void ReadSeries(const RawInputSeries& raw, std::vector<InputSeries>& all) const {
    const std::optional<Labels> labels = Parsed(raw.series, ParseMetric);
    std::optional<std::vector<ValueRun>> values = Parsed(raw.values, ParseValues);
    const bool missing = raw.series.position.line == 0;  // which is told already
    if (!labels || !values || missing) return;
    InputSeries input{std::string(labels->Get(kNameLabel)), *labels, std::move(*values)};
    input.labels.Remove(kNameLabel);
    if (input.name.empty()) {
      context_.Fail(raw.series.position, "the series has no name",
                    "Write it like cargo_celsius{zone=\"1\"}");
      return;
    }
    const auto same = [&](const InputSeries& other) {
      return other.name == input.name && other.labels == input.labels;
    };
    if (std::ranges::any_of(all, same)) {
      context_.Fail(raw.series.position, "the series '" + raw.series.text + "' stands twice",
                    "Write all its values in one place: promtool takes the last one alone");
    }
    all.push_back(std::move(input));
  }

  static AlertTest ReadAlert(const RawAlertTest& raw) {
    AlertTest test{raw.position, raw.eval_time, raw.alertname, {}};
    for (const RawExpectedAlert& alert : raw.expected) {
      test.expected.push_back(
          {ToAlertLabels(alert.labels, raw.alertname), ToLabels(alert.annotations)});
    }
    return test;
  }

  static NotificationTest ReadNotification(const RawNotificationTest& raw) {
    NotificationTest test{raw.position, raw.eval_time, raw.alertname, raw.receiver, {}};
    for (const RawExpectedNotification& told : raw.expected) {
      const AlertState state =
          told.state == "resolved" ? AlertState::kResolved : AlertState::kFiring;
      test.expected.push_back({told.at, state, ToAlertLabels(told.labels, raw.alertname)});
    }
    return test;
  }

  ExpressionTest ReadExpression(const RawExpressionTest& raw) const {
    ExpressionTest test{raw.expr.position, raw.eval_time, raw.expr.text, {}};
    if (IsGiven(raw.expr)) CheckExpression(raw.expr);
    for (const RawExpectedSample& sample : raw.expected) {
      if (IsGiven(sample.histogram)) {
        context_.Fail(sample.histogram.position, "histograms are not supported",
                      "Expect a `value`");
      }
      const std::optional<Labels> labels = Parsed(sample.labels, ParseMetric);
      test.expected.emplace_back(labels.value_or(Labels{}), ReadValue(sample.value));
    }
    return test;
  }

  void CheckExpression(const YamlNode& node) const {
    const auto errors =
        Parsed(node, [](std::string_view text) { return CheckTypes(*ParseExpression(text)); });
    if (!errors) return;
    for (const ExpressionError& error : *errors) Fail(node, error);
  }

  double ReadValue(const YamlNode& node) const {
    if (!IsGiven(node)) return 0;
    const auto value = Parsed(node, [](std::string_view text) {
      if (const std::optional<double> number = ParseValue(text)) return *number;
      throw ExpressionError{0, "'" + std::string(text) + "' is not a number",
                            "Write a number like 1.5, .inf or .nan"};
    });
    return value.value_or(0);
  }

  const std::string_view text_;
  const Section::Context& context_;
};

Position PositionOf(const YamlNode& document, std::string_view key) {
  const YamlNode* const value = document.Find(key);
  return value == nullptr ? document.position : value->position;
}

}  // namespace

Duration RuleTest::End() const {
  Duration end{};
  for (const AlertTest& test : alerts) end = std::max(end, test.at);
  for (const ExpressionTest& test : expressions) end = std::max(end, test.at);
  for (const NotificationTest& test : notifications) end = std::max(end, test.at);
  return end;
}

TestFile ReadTestFile(const RuleText& source, Diagnostics& diagnostics) {
  TestFile file;
  file.file = source.file;
  const std::size_t before = diagnostics.size();
  const YamlNode document = ParseYaml(source.text, source.file, diagnostics);
  if (diagnostics.size() != before) return file;
  const Section::Context context{source.file, diagnostics};
  RawTestFile raw;
  if (document.kind == YamlNode::Kind::kNull) {
    context.Fail({}, "the file is empty", "Write `rule_files:` and `tests:`");
    return file;
  }
  if (IsOfOtherKind(document, FileKind::kTests, context)) return file;
  Section::Read(document, context, raw);
  file.rule_files = std::move(raw.rule_files);
  file.evaluation_interval = raw.evaluation_interval;
  file.group_order = std::move(raw.group_eval_order);
  file.rule_files_position = PositionOf(document, "rule_files");
  file.group_order_position = PositionOf(document, "group_eval_order");
  file.fuzzy_compare = raw.fuzzy_compare;
  file.lookback = raw.lookback;
  const TestReader reader(source.text, context);
  for (const RawTest& test : raw.tests) {
    file.tests.push_back(reader.Read(test, file.tests.size(), file.evaluation_interval));
  }
  return file;
}

}  // namespace fleet_edge::rules
