#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge {

/// A set of `name="value"` pairs, sorted by name; as in Prometheus an empty value means the label
/// is not there.
///
/// A value: copyable, comparable, hashable.
class Labels {
 public:
  using Pair = std::pair<std::string, std::string>;

  Labels() = default;
  Labels(std::initializer_list<Pair> pairs);
  explicit Labels(const std::vector<Pair>& pairs);

  /// The value of `name`, empty when there is none. The view lives as long as this set is
  /// unchanged.
  std::string_view Get(std::string_view name) const;

  /// Sets `name`; an empty value removes it.
  void Set(std::string_view name, std::string_view value);
  void Remove(std::string_view name) { Set(name, {}); }

  bool empty() const { return pairs_.empty(); }
  std::size_t size() const { return pairs_.size(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }

  friend bool operator==(const Labels&, const Labels&) = default;
  friend auto operator<=>(const Labels&, const Labels&) = default;

 private:
  std::vector<Pair> pairs_;
};

/// `{axle="1",side="left"}` with `\`, `"` and newline escaped; empty for no labels.
std::string ToString(const Labels& labels);

/// True for `[a-zA-Z_][a-zA-Z0-9_]*`.
bool IsLabelName(std::string_view name);

struct LabelsHash {
  std::size_t operator()(const Labels& labels) const;
};

}  // namespace fleet_edge
