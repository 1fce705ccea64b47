#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {

/// The files that `pattern` (a path with `*`, `?` and `[…]`) names, by name; empty when there are
/// none.
std::vector<std::string> ExpandGlob(const std::string& pattern);

/// Reads a file to its end.
/// Errors: kFatal with the reason; the caller reports it with the file's name.
Result<std::string> ReadFile(const std::string& path);

/// The paths of all rule files that `patterns` name, each once, in the order of the patterns and of
/// names within one; then the `*.geojson` files of their folders, which their geofences come from.
std::vector<std::string> FindRuleFiles(const std::vector<std::string>& patterns);

/// SHA-256 of all texts together, in hexadecimal.
std::string RulesHash(const std::vector<rules::RuleText>& rules);

/// What FindRuleFiles() finds. Errors: kFatal, one of them can't be read, or a pattern names none;
/// nothing is to be applied then.
Result<std::vector<rules::RuleText>> ReadRuleFiles(const std::vector<std::string>& patterns);

}  // namespace fleet_edge::agent
