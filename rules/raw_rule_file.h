#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge::rules {

/// One rule as the YAML has it: keys and forms are checked, expressions and templates are not read
/// yet. Values.
struct RawRule {
  Position position;
  std::string alert;
  std::string record;
  YamlNode expr;
  std::optional<Duration> hold;
  Position hold_position;
  std::optional<Duration> keep_firing;
  Position keep_firing_position;
  std::optional<Duration> cooldown;
  YamlNode clear;
  std::optional<std::vector<std::string>> notify;
  Position notify_position;
  YamlNode labels;
  YamlNode annotations;
};

struct RawGroup {
  Position position;
  std::string name;
  Duration interval = std::chrono::seconds{10};
  Duration lateness = std::chrono::milliseconds{500};
  std::optional<Duration> lookback;
  YamlNode labels;
  std::vector<RawRule> rules;
};

struct RawRuleFile {
  std::optional<Duration> lookback;
  std::vector<RawGroup> groups;
};

void Describe(Section& section, RawRule& rule);
void Describe(Section& section, RawGroup& group);
void Describe(Section& section, RawRuleFile& file);

}  // namespace fleet_edge::rules
