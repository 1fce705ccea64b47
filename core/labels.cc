#include "core/labels.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/escaped.h"

namespace fleet_edge {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

Labels::Labels(std::initializer_list<Pair> pairs) : Labels(std::vector<Pair>(pairs)) {}

Labels::Labels(const std::vector<Pair>& pairs) {
  for (const auto& [name, value] : pairs) Set(name, value);
}

std::string_view Labels::Get(std::string_view name) const {
  const auto at = std::ranges::lower_bound(pairs_, name, {}, &Pair::first);
  return at != pairs_.end() && at->first == name ? std::string_view(at->second)
                                                 : std::string_view();
}

void Labels::Set(std::string_view name, std::string_view value) {
  const auto at = std::ranges::lower_bound(pairs_, name, {}, &Pair::first);
  const bool found = at != pairs_.end() && at->first == name;
  if (value.empty()) {
    if (found) pairs_.erase(at);
  } else if (found) {
    at->second = value;
  } else {
    pairs_.emplace(at, name, value);
  }
}

std::string ToString(const Labels& labels) {
  if (labels.empty()) return {};
  std::string out = "{";
  for (const auto& [name, value] : labels) {
    if (out.size() > 1) out += ',';
    out.append(name).append("=\"");
    AppendEscaped(out, value);
    out += '"';
  }
  return out + "}";
}

bool IsLabelName(std::string_view name) {
  return !name.empty() && IsLetter(name.front()) &&
         std::ranges::all_of(name, [](char c) { return IsLetter(c) || (c >= '0' && c <= '9'); });
}

std::size_t LabelsHash::operator()(const Labels& labels) const {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = labels.size();
  for (const auto& [name, value] : labels) {
    hash = (hash ^ std::hash<std::string>{}(name)) * kGolden;
    hash = (hash ^ std::hash<std::string>{}(value)) * kGolden;
  }
  // Where size_t has 32 bits, the upper ones are folded in: a product's lower bits see the least of
  // its factors.
  if constexpr (sizeof(std::size_t) < sizeof hash) hash ^= hash >> 32;
  return static_cast<std::size_t>(hash);
}

}  // namespace fleet_edge
