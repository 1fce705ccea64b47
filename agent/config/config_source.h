#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "agent/config/config_values.h"
#include "core/diagnostic.h"
#include "core/yaml.h"

namespace fleet_edge::agent {

/// The files that a configuration was read from, as one: each value knows its file and place, and
/// what was put in for its `${…}`. A value.
class ConfigSource {
 public:
  /// A place in one of the files. `node` is null when the key is nowhere; lives as long as the
  /// source is unchanged.
  struct Place {
    std::string file;
    Position position;
    const YamlNode* node = nullptr;
  };

  using Path = std::initializer_list<std::string_view>;

  /// Puts a file over those before it: mappings are merged key by key, anything else takes the
  /// earlier one's place. Its `${…}` are replaced; Settle() tells of those that can't be.
  void Add(const std::string& path, YamlNode root, const ValueSources& sources);

  /// All files as one; kNull when none said anything.
  const YamlNode& root() const { return root_; }

  /// In the order of their reading.
  const std::vector<std::string>& files() const { return files_; }

  /// Where `path`'s value stands, in the file that has the last word on it; else the nearest
  /// section above it that is there.
  Place Find(Path path) const;

  /// The file that a node's position is in.
  const std::string& FileOf(Position position) const;

  /// What was put in at a value's position; null when it stands as written.
  const ExpandedValue* ExpansionAt(Position position) const;

  /// Whether all values of `node`, which is of this, are known here: no credential of the
  /// service's own is among them.
  bool Knows(const YamlNode& node) const;

  /// A finding for each value that isn't known here; its text stands as written.
  Diagnostics Unknown() const;

  /// Completes the findings at places of this: names their files, hides what came from credentials,
  /// puts what is wrong with a `${…}` in the place of what follows from it, and leaves out what
  /// follows from a value that isn't known.
  void Settle(Diagnostics& findings) const;

 private:
  struct ByPlace {
    bool operator()(Position a, Position b) const {
      return std::tie(a.document, a.line, a.column) < std::tie(b.document, b.line, b.column);
    }
  };

  void Prepare(YamlNode& node, const ValueSources& sources);
  void Expand(YamlNode& node, const ValueSources& sources);

  std::vector<std::string> files_;
  YamlNode root_;
  std::map<Position, ExpandedValue, ByPlace> expansions_;
  Diagnostics failures_;  // of expansions
  Diagnostics unknown_;   // values; no mistakes
};

}  // namespace fleet_edge::agent
