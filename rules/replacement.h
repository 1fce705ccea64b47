#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/pattern.h"

namespace fleet_edge::rules {

/// A text in which `$1`, `$name` and `${name}` stand for groups of a pattern, read as Go reads it:
/// the longest name counts, `$$` is a dollar, and what can't be read stands for itself. Immutable.
class Replacement {
 public:
  Replacement(Pattern pattern, std::string_view text);

  /// The text with what the groups matched in `subject`; nothing when the pattern does not match
  /// all of it.
  std::optional<std::string> Apply(std::string_view subject) const;

 private:
  /// A text, and the group behind it; -1 stands for one that matches nothing.
  struct Piece {
    std::string text;
    int group;
  };

  int GroupOf(std::string_view name) const;

  Pattern pattern_;
  std::vector<Piece> pieces_;
  std::string rest_;
};

}  // namespace fleet_edge::rules
