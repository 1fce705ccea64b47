#include "rules/pattern.h"

#include <re2/re2.h>
#include <re2/stringpiece.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kLongestPattern = 1'000;
constexpr std::int64_t kMostMemory = 1'048'576;  // bytes, of one compiled expression and its cache

re2::StringPiece ToPiece(std::string_view text) { return {text.data(), text.size()}; }

/// `\C`, one byte, is in RE2 and not in Go's regular expressions, which are Prometheus's.
bool HasByteEscape(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (text[++i] == 'C') return true;
  }
  return false;
}

}  // namespace

std::optional<Pattern> Pattern::Compile(std::string_view text, std::string& why) {
  if (text.size() > kLongestPattern) {
    why = "is longer than 1000 characters";
    return std::nullopt;
  }
  if (HasByteEscape(text)) {
    why = "can't be read: invalid escape sequence: \\C";
    return std::nullopt;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(kMostMemory);
  auto regex = std::make_shared<const re2::RE2>(ToPiece(text), options);
  if (!regex->ok()) {
    why = "can't be read: " + regex->error();
    return std::nullopt;
  }
  return Pattern(std::move(regex));
}

bool Pattern::Matches(std::string_view text) const {
  return re2::RE2::FullMatch(ToPiece(text), *regex_);
}

std::optional<std::vector<std::string_view>> Pattern::Groups(std::string_view text) const {
  std::vector<re2::StringPiece> pieces(static_cast<std::size_t>(regex_->NumberOfCapturingGroups()) +
                                       1);
  if (!regex_->Match(ToPiece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, pieces.data(),
                     static_cast<int>(pieces.size())))
    return std::nullopt;
  std::vector<std::string_view> groups;
  groups.reserve(pieces.size());
  for (const re2::StringPiece& piece : pieces) groups.emplace_back(piece.data(), piece.size());
  return groups;
}

std::optional<int> Pattern::GroupCalled(std::string_view name) const {
  const auto& groups = regex_->NamedCapturingGroups();
  const auto found = groups.find(std::string(name));
  return found == groups.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace fleet_edge::rules
