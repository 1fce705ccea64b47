#include "drivers/io/json_codec.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "drivers/number.h"
#include "drivers/rejections.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {
namespace {

namespace dom = simdjson::dom;

/// Undoes RFC 6901's escapes. Nothing for a `~` that is neither `~0` nor `~1`.
std::optional<std::string> Unescape(std::string_view token) {
  std::string key;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      key += token[i];
      continue;
    }
    const std::string_view escaped = token.substr(++i, 1);
    if (escaped != "0" && escaped != "1") return std::nullopt;
    key += escaped == "0" ? '~' : '/';
  }
  return key;
}

std::optional<double> ToNumber(const dom::element& element) {
  bool flag = false;
  if (element.get(flag) == simdjson::SUCCESS) return flag ? 1 : 0;
  double number = 0;
  if (element.get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::optional<UtcTime> ToTime(const dom::element& element, TimeUnit unit) {
  if (unit == TimeUnit::kIso8601) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) return std::nullopt;
    return ParseUtcTime(text);
  }
  std::int64_t count = 0;
  if (element.get(count) == simdjson::SUCCESS) return FromCount(count, unit);
  double real = 0;
  if (element.get(real) != simdjson::SUCCESS) return std::nullopt;
  return FromCount(real, unit);
}

}  // namespace

struct JsonParser::Impl {
  dom::parser parser;
  std::vector<char> buffer;  // the payload, and simdjson's padding behind it
};

JsonParser::JsonParser() : impl_(std::make_unique<Impl>()) {}
JsonParser::~JsonParser() = default;

/// One pass over one document.
class JsonCodec::Walk {
 public:
  Walk(const JsonCodec& codec, Output& out) : codec_(codec), out_(out) {}

  // As deep as the longest pointer, whatever the document.
  void Visit(const Node& node, const dom::element& element) {
    for (const std::size_t field : node.fields) Take(field, element);
    if (node.children.empty()) return;
    dom::object object;
    dom::array array;
    if (element.get(object) == simdjson::SUCCESS) {
      for (const dom::key_value_pair& entry : object) {
        for (const Node& child : node.children) {
          if (child.key == entry.key) Visit(child, entry.value);
        }
      }
    } else if (element.get(array) == simdjson::SUCCESS) {
      for (const Node& child : node.children) {
        dom::element item;
        if (child.index && array.at(*child.index).get(item) == simdjson::SUCCESS)
          Visit(child, item);
      }
    }
  }

 private:
  void Take(std::size_t field, const dom::element& element) {
    if (std::exchange(out_.seen[field], std::uint8_t{1}) != 0) return;
    if (codec_.time_ && field == codec_.fields_.size()) {
      out_.time = ToTime(element, codec_.time_->unit);
    } else if (element.is_null()) {
      out_.seen[field] = 0;
    } else if (codec_.fields_[field].text) {
      std::string_view text;
      if (element.get(text) == simdjson::SUCCESS) {
        out_.texts.push_back({field, text});
      } else {
        out_.faults.push_back({field, reason::kWrongType});
      }
    } else if (const auto number = Convert(field, element)) {
      out_.values.push_back({field, *number});
    } else {
      out_.faults.push_back({field, reason::kWrongType});
    }
  }

  /// Nothing also when the conversion leaves what a double holds.
  std::optional<double> Convert(std::size_t field, const dom::element& element) const {
    auto number = ToNumber(element);
    if (number) number = codec_.fields_[field].conversion(*number);
    return number && std::isfinite(*number) ? number : std::nullopt;
  }

  const JsonCodec& codec_;
  Output& out_;
};

Result<JsonCodec> JsonCodec::Make(std::vector<Field> fields, std::optional<Time> time) {
  JsonCodec codec;
  codec.fields_ = std::move(fields);
  codec.time_ = std::move(time);
  for (std::size_t i = 0; i < codec.fields_.size(); ++i) {
    if (auto added = codec.Add(codec.fields_[i].pointer, i); !added) return added.error();
  }
  if (codec.time_) {
    if (auto added = codec.Add(codec.time_->pointer, codec.fields_.size()); !added)
      return added.error();
  }
  return codec;
}

Result<bool> JsonCodec::Add(std::string_view pointer, std::size_t field) {
  const auto refused = [&] {
    return Error{Error::Code::kDrop, "'" + std::string(pointer) + "' is no JSON pointer"};
  };
  Node* node = &root_;
  for (std::string_view rest = pointer; !rest.empty();) {
    if (!rest.starts_with('/')) return refused();
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    auto key = Unescape(rest.substr(0, end));
    if (!key) return refused();
    rest.remove_prefix(end);
    const auto found = std::ranges::find(node->children, *key, &Node::key);
    if (found != node->children.end()) {
      node = &*found;
      continue;
    }
    const auto index =
        key->size() > 1 && key->starts_with('0') ? std::nullopt : ParseInteger<std::size_t>(*key);
    node = &node->children.emplace_back(Node{std::move(*key), index, {}, {}});
  }
  node->fields.push_back(field);
  return true;
}

std::optional<std::string_view> JsonCodec::Decode(std::string_view payload, JsonParser& parser,
                                                  Output& out) const {
  out.time.reset();
  out.values.clear();
  out.texts.clear();
  out.faults.clear();
  out.seen.assign(fields_.size() + 1, 0);

  JsonParser::Impl& impl = *parser.impl_;
  if (impl.buffer.size() < payload.size() + simdjson::SIMDJSON_PADDING) {
    impl.buffer.resize(2 * payload.size() + simdjson::SIMDJSON_PADDING);
  }
  std::memcpy(impl.buffer.data(), payload.data(), payload.size());
  dom::element document;
  constexpr bool kCopyFirst = false;
  if (impl.parser.parse(impl.buffer.data(), payload.size(), kCopyFirst).get(document) !=
      simdjson::SUCCESS) {
    return reason::kMalformed;
  }
  Walk(*this, out).Visit(root_, document);
  if (time_ && !out.time) return reason::kBadTime;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].required && out.seen[i] == 0) out.faults.push_back({i, reason::kMissing});
  }
  return std::nullopt;
}

}  // namespace fleet_edge::drivers
