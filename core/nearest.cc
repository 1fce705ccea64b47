#include "core/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge {
namespace {

/// Optimal string alignment distance, in three rows.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

/// The only candidate that has `text` in it.
std::string_view Containing(std::string_view text, std::span<const std::string_view> candidates) {
  constexpr std::size_t kShortest = 4;  // less is in anything
  if (text.size() < kShortest) return {};
  const auto has_text = [&](std::string_view name) {
    return name.find(text) != std::string_view::npos;
  };
  const auto first = std::ranges::find_if(candidates, has_text);
  if (first == candidates.end()) return {};
  return std::any_of(first + 1, candidates.end(), has_text) ? std::string_view() : *first;
}

}  // namespace

std::string_view Nearest(std::string_view text, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongest =
      100;  // beyond it no name of ours is near, and the rows stay small
  if (text.size() > kLongest) return {};
  std::string_view nearest;
  std::size_t fewest = std::max<std::size_t>(2, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = Distance(text, candidate);
    if (edits >= fewest) continue;
    fewest = edits;
    nearest = candidate;
  }
  if (nearest.empty()) return Containing(text, candidates);
  return nearest;
}

}  // namespace fleet_edge
