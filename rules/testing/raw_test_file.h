#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge::rules {

/// A test file as the YAML has it: keys and forms are checked; series, numbers and expressions are
/// not read yet. A key without a value counts as not given, as for promtool. Values.
using RawLabels = std::map<std::string, std::string>;

struct RawInputSeries {
  YamlNode series;
  YamlNode values;
};

struct RawExpectedAlert {
  RawLabels labels;
  RawLabels annotations;
};

struct RawAlertTest {
  Position position;
  Duration eval_time{};
  std::string alertname;
  std::vector<RawExpectedAlert> expected;
};

struct RawExpectedSample {
  YamlNode labels;
  YamlNode value;
  YamlNode histogram;
};

struct RawExpressionTest {
  YamlNode expr;
  Duration eval_time{};
  std::vector<RawExpectedSample> expected;
};

struct RawExpectedNotification {
  Duration at{};
  std::string state;
  RawLabels labels;
};

struct RawNotificationTest {
  Position position;
  Duration eval_time{};
  std::string alertname;
  std::string receiver;
  std::vector<RawExpectedNotification> expected;
};

struct RawTest {
  Position position;
  std::string name;
  std::optional<Duration> interval;
  YamlNode start_timestamp;
  std::vector<RawInputSeries> input_series;
  std::vector<std::string> input_recordings;
  std::vector<RawAlertTest> alert_tests;
  std::vector<RawExpressionTest> expression_tests;
  std::vector<RawNotificationTest> notification_tests;
  RawLabels external_labels;
  std::string external_url;
};

struct RawTestFile {
  std::vector<std::string> rule_files;
  Duration evaluation_interval{};
  std::vector<std::string> group_eval_order;
  bool fuzzy_compare = false;
  Duration lookback = std::chrono::minutes{5};
  std::vector<RawTest> tests;
};

void Describe(Section& section, RawTestFile& file);
void Describe(Section& section, RawTest& test);
void Describe(Section& section, RawInputSeries& input);
void Describe(Section& section, RawAlertTest& test);
void Describe(Section& section, RawExpectedAlert& alert);
void Describe(Section& section, RawExpressionTest& test);
void Describe(Section& section, RawExpectedSample& sample);
void Describe(Section& section, RawNotificationTest& test);
void Describe(Section& section, RawExpectedNotification& notification);

}  // namespace fleet_edge::rules
