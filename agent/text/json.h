#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"

namespace fleet_edge::agent {

/// Writes one JSON object, its keys in the order in which they are added. A value, for one thread.
///
/// Text that is not UTF-8 is mended (U+FFFD), a number that JSON has no form for (NaN, ±Inf)
/// becomes null, so that what comes out is always JSON.
class JsonObject {
 public:
  JsonObject& Add(std::string_view key, std::string_view value);
  JsonObject& Add(std::string_view key, const char* value) {
    return Add(key, std::string_view(value));
  }
  JsonObject& Add(std::string_view key, double value);
  JsonObject& Add(std::string_view key, std::uint64_t value);
  JsonObject& Add(std::string_view key, std::int64_t value);
  JsonObject& Add(std::string_view key, bool value);
  JsonObject& Add(std::string_view key, const Labels& labels);
  JsonObject& Add(std::string_view key, const JsonObject& object);
  JsonObject& Add(std::string_view key, const std::vector<std::string>& texts);
  JsonObject& Add(std::string_view key, const std::vector<double>& numbers);
  JsonObject& Add(std::string_view key, const std::vector<JsonObject>& objects);

  /// `{"a":1,"b":"text"}`, on one line.
  std::string Text() const { return "{" + members_ + "}"; }

 private:
  void Key(std::string_view key);

  std::string members_;
};

/// `list`'s items as `to_json` writes them.
template <typename List, typename ToJson>
std::vector<JsonObject> Each(const List& list, ToJson to_json) {
  std::vector<JsonObject> objects;
  objects.reserve(list.size());
  for (const auto& item : list) objects.push_back(to_json(item));
  return objects;
}

/// `text` in quotes, escaped.
std::string JsonString(std::string_view text);

}  // namespace fleet_edge::agent
