#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace fleet_edge::rules {

/// A regular expression in RE2's syntax, anchored at both ends, where `.` is any character: as
/// Prometheus reads them.
///
/// Matches in time linear in the text: label values come from outside. Immutable; copies share the
/// compiled expression.
class Pattern {
 public:
  /// Nothing when `text` can't be read; `why` then says what is wrong with it.
  static std::optional<Pattern> Compile(std::string_view text, std::string& why);

  bool Matches(std::string_view text) const;

  /// What the groups took of `text`, the whole of it first, empty where a group took no part.
  /// Nothing when `text` does not match. The views are into `text`.
  std::optional<std::vector<std::string_view>> Groups(std::string_view text) const;

  /// The number of the group of that name, counted from 1.
  std::optional<int> GroupCalled(std::string_view name) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> regex) : regex_(std::move(regex)) {}

  std::shared_ptr<const re2::RE2> regex_;
};

}  // namespace fleet_edge::rules
