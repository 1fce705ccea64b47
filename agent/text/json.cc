#include "agent/text/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/utf8.h"

namespace fleet_edge::agent {
namespace {

void AppendControl(std::string& out, char c) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(c);
  out.append("\\u00").append(1, kHex[code >> 4U]).append(1, kHex[code & 0xFU]);
}

void AppendCharacter(std::string& out, std::string_view sequence) {
  switch (sequence[0]) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(sequence[0]) < 0x20) {
        AppendControl(out, sequence[0]);
      } else {
        out += sequence;
      }
  }
}

template <typename Number>
std::string Show(Number value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

}  // namespace

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  const std::string valid = ValidUtf8(text);
  for (std::string_view rest = valid; !rest.empty();) {
    const std::size_t length = Utf8SequenceLength(rest);
    AppendCharacter(out, rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return out += '"';
}

void JsonObject::Key(std::string_view key) {
  if (!members_.empty()) members_ += ',';
  members_ += JsonString(key) + ":";
}

JsonObject& JsonObject::Add(std::string_view key, std::string_view value) {
  Key(key);
  members_ += JsonString(value);
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, double value) {
  Key(key);
  members_ += std::isfinite(value) ? Show(value) : "null";
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, std::uint64_t value) {
  Key(key);
  members_ += Show(value);
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, std::int64_t value) {
  Key(key);
  members_ += Show(value);
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, bool value) {
  Key(key);
  members_ += value ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, const Labels& labels) {
  JsonObject object;
  for (const auto& [name, value] : labels) object.Add(name, std::string_view(value));
  return Add(key, object);
}

JsonObject& JsonObject::Add(std::string_view key, const JsonObject& object) {
  Key(key);
  members_ += object.Text();
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, const std::vector<std::string>& texts) {
  Key(key);
  std::string items;
  for (const std::string& text : texts) items += (items.empty() ? "" : ",") + JsonString(text);
  members_ += "[" + items + "]";
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, const std::vector<double>& numbers) {
  Key(key);
  members_ += '[';
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) members_ += ',';
    members_ += std::isfinite(numbers[i]) ? Show(numbers[i]) : "null";
  }
  members_ += ']';
  return *this;
}

JsonObject& JsonObject::Add(std::string_view key, const std::vector<JsonObject>& objects) {
  Key(key);
  std::string items;
  for (const JsonObject& object : objects) items += (items.empty() ? "" : ",") + object.Text();
  members_ += "[" + items + "]";
  return *this;
}

}  // namespace fleet_edge::agent
