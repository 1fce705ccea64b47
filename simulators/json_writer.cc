#include "simulators/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "core/labels.h"

namespace fleet_edge::simulators {

void JsonWriter::Separate() {
  constexpr std::string_view kNoCommaAfter = "{[:";
  if (!text_.empty() && kNoCommaAfter.find(text_.back()) == std::string_view::npos) text_ += ',';
}

JsonWriter& JsonWriter::Open(char bracket) {
  Separate();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Value(key);
  text_ += ':';
  return *this;
}

JsonWriter& JsonWriter::Value(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  Separate();
  text_ += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (byte < 0x20) {
      text_ += "\\u00";
      text_ += kHex[byte >> 4];
      text_ += kHex[byte & 0xF];
    } else {
      text_ += c;
    }
  }
  text_ += '"';
  return *this;
}

JsonWriter& JsonWriter::Value(bool value) {
  Separate();
  text_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Value(double value) {
  Separate();
  if (!std::isfinite(value)) {
    text_ += "null";
    return *this;
  }
  std::array<char, 32> digits{};
  text_.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
  return *this;
}

JsonWriter& JsonWriter::Value(const Labels& labels) {
  BeginObject();
  for (const auto& [name, value] : labels) Member(name, value);
  return EndObject();
}

}  // namespace fleet_edge::simulators
