#include "agent/config/config_source.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/config_values.h"
#include "core/diagnostic.h"
#include "core/yaml.h"

namespace fleet_edge::agent {
namespace {

void Merge(YamlNode over, YamlNode& base) {
  using Kind = YamlNode::Kind;
  if (over.kind != Kind::kMapping || base.kind != Kind::kMapping) {
    base = std::move(over);
    return;
  }
  base.position = over.position;
  for (auto& [key, value] : over.entries) {
    const auto same = std::ranges::find(base.entries, key.text,
                                        [](const YamlEntry& entry) { return entry.key.text; });
    if (same == base.entries.end()) {
      base.entries.push_back({std::move(key), std::move(value)});
    } else {
      same->key = std::move(key);
      Merge(std::move(value), same->value);
    }
  }
}

bool HasAt(const Diagnostics& findings, Position position) {
  return std::ranges::find(findings, position, &Diagnostic::position) != findings.end();
}

void Hide(const std::string& secret, std::string& text) {
  constexpr std::string_view kHidden = "***";
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + kHidden.size())) {
    text.replace(at, secret.size(), kHidden);
  }
}

}  // namespace

void ConfigSource::Add(const std::string& path, YamlNode root, const ValueSources& sources) {
  files_.push_back(path);
  Prepare(root, sources);
  if (root.kind != YamlNode::Kind::kNull) Merge(std::move(root), root_);
}

/// Recursion is bounded by ParseYaml().
void ConfigSource::Prepare(YamlNode& node, const ValueSources& sources) {
  node.position.document = static_cast<int>(files_.size());
  for (YamlNode& item : node.items) Prepare(item, sources);
  for (auto& [key, value] : node.entries) {
    key.position.document = node.position.document;
    Prepare(value, sources);
  }
  if (node.kind == YamlNode::Kind::kScalar) Expand(node, sources);
}

void ConfigSource::Expand(YamlNode& node, const ValueSources& sources) {
  std::vector<ExpansionError> errors;
  ExpandedValue value = ExpandValue(node.text, sources, errors);
  const bool is_unknown = std::ranges::all_of(errors, &ExpansionError::unknown);
  for (ExpansionError& error : errors) {
    (is_unknown ? unknown_ : failures_)
        .push_back({.file = files_.back(),
                    .position = node.position,
                    .what = std::move(error.what),
                    .mend = std::move(error.mend)});
  }
  if (!errors.empty()) return;
  node.text = value.text;
  if (!value.origins.empty()) expansions_[node.position] = std::move(value);
}

ConfigSource::Place ConfigSource::Find(Path path) const {
  const YamlNode* node = &root_;
  for (const std::string_view key : path) {
    const YamlNode* const value = node->Find(key);
    if (value == nullptr) return {FileOf(node->position), node->position, nullptr};
    node = value;
  }
  return {FileOf(node->position), node->position, node};
}

const std::string& ConfigSource::FileOf(Position position) const {
  static const std::string kNone;
  const auto at = static_cast<std::size_t>(position.document);
  if (at >= 1 && at <= files_.size()) return files_[at - 1];
  return files_.empty() ? kNone : files_.front();
}

const ExpandedValue* ConfigSource::ExpansionAt(Position position) const {
  const auto found = expansions_.find(position);
  return found == expansions_.end() ? nullptr : &found->second;
}

bool ConfigSource::Knows(const YamlNode& node) const {
  const auto knows = [this](const auto& part) { return Knows(part); };
  return !HasAt(unknown_, node.position) && std::ranges::all_of(node.items, knows) &&
         std::ranges::all_of(node.entries, knows, &YamlEntry::value);
}

Diagnostics ConfigSource::Unknown() const {
  Diagnostics findings = unknown_;
  for (Diagnostic& finding : findings) finding.position.document = 0;
  return findings;
}

void ConfigSource::Settle(Diagnostics& findings) const {
  std::erase_if(findings, [&](const Diagnostic& finding) {
    return HasAt(failures_, finding.position) || HasAt(unknown_, finding.position);
  });
  findings.insert(findings.end(), failures_.begin(), failures_.end());
  for (Diagnostic& finding : findings) {
    if (finding.position.document != 0) finding.file = FileOf(finding.position);
    finding.position.document = 0;
    for (const auto& [position, value] : expansions_) {
      for (const std::string& secret : value.secrets) {
        Hide(secret, finding.what);
        Hide(secret, finding.mend);
      }
    }
  }
}

}  // namespace fleet_edge::agent
