#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"

namespace fleet_edge {

struct YamlEntry;

/// A YAML document as a plain tree that knows where each part stands. A value.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  Position position;
  std::string text;             ///< of a scalar
  bool quoted = false;          ///< the scalar is quoted, so it is a string whatever it looks like
  std::vector<YamlNode> items;  ///< of a sequence
  std::vector<YamlEntry> entries;  ///< of a mapping, in the file's order; keys stand once

  /// The value at `key`, or null.
  const YamlNode* Find(std::string_view key) const;
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

/// Parses one document. What is wrong with it (a byte that is no UTF-8, syntax, a key that stands
/// twice, nesting beyond 64, more than a million nodes once aliases are followed) is added to
/// `diagnostics` under the name `file`; the node is then kNull.
YamlNode ParseYaml(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace fleet_edge
