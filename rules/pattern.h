#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>

namespace fleet_edge::rules {

/// A regular expression in the part of RE2's syntax that ECMAScript shares, anchored at both ends
/// as Prometheus's are.
///
/// Matches in polynomial time, without recursion over the text: label values come from outside.
/// Immutable.
class Pattern {
 public:
  /// Nothing when `text` can't be read or means something else in RE2; `why` then says what.
  static std::optional<Pattern> Compile(std::string_view text, std::string& why);

  bool Matches(std::string_view text) const;

 private:
  explicit Pattern(std::regex regex) : regex_(std::move(regex)) {}

  std::regex regex_;
};

}  // namespace fleet_edge::rules
