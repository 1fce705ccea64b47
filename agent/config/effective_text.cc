#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/effective_config.h"
#include "agent/text/json.h"

namespace fleet_edge::agent {
namespace {

using Kind = EffectiveValue::Kind;

constexpr std::size_t kCommentColumn = 44;

bool IsPlainCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_./+%()-").find(c) != std::string_view::npos;
}

/// `text` as YAML reads it again: in quotes where it could be taken for something else.
std::string Scalar(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kNulls{"null", "Null", "NULL", "~"};
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${")) escaped += '$';
    escaped += text[i];
  }
  bool plain = !escaped.empty() && escaped.front() != '-' && escaped.front() != '%' &&
               std::ranges::find(kNulls, escaped) == kNulls.end();
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    // A colon within a word is no separator.
    const bool colon = escaped[i] == ':' && i + 1 < escaped.size();
    plain = plain && (colon || IsPlainCharacter(escaped[i]));
  }
  return plain ? escaped : JsonString(escaped);
}

class YamlWriter {
 public:
  explicit YamlWriter(std::string folder) : folder_(std::move(folder)) {}

  /// The entries of a mapping or a list, at `indent`.
  void Write(const EffectiveValue& of, const std::string& indent) {
    for (const EffectiveValue& entry : of.entries) {
      const std::string lead =
          of.kind == Kind::kList ? indent + "-" : indent + Scalar(entry.key) + ":";
      WriteEntry(entry, lead, indent, of.kind == Kind::kList);
    }
  }

  std::string Text() && { return std::move(text_); }

 private:
  void WriteEntry(const EffectiveValue& entry, const std::string& lead, const std::string& indent,
                  bool item) {
    switch (entry.kind) {
      case Kind::kUnset:
        Line(indent + "# " + Scalar(entry.key) + ":", "not set");
        return;
      case Kind::kValue:
        Line(lead + " " + Scalar(entry.text), Origin(entry));
        return;
      case Kind::kList:
      case Kind::kMapping:
        break;
    }
    const bool empty = std::ranges::all_of(
        entry.entries, [](const EffectiveValue& inner) { return inner.kind == Kind::kUnset; });
    if (item) {
      WriteItem(entry, indent, empty);
    } else {
      text_ += lead + (!empty ? "" : entry.kind == Kind::kList ? " []" : " {}") + "\n";
      Write(entry, indent + "  ");
    }
  }

  /// The first line of an item stands beside its dash.
  void WriteItem(const EffectiveValue& entry, const std::string& indent, bool empty) {
    if (empty) {
      text_ += indent + (entry.kind == Kind::kList ? "- []\n" : "- {}\n");
      return;
    }
    YamlWriter inner(folder_);
    EffectiveValue set;
    set.kind = entry.kind;
    for (const EffectiveValue& one : entry.entries) {
      if (one.kind != Kind::kUnset) set.entries.push_back(one);
    }
    inner.Write(set, indent + "  ");
    inner.text_[indent.size()] = '-';
    text_ += inner.text_;
    for (const EffectiveValue& one : entry.entries) {
      if (one.kind == Kind::kUnset) WriteEntry(one, {}, indent + "  ", false);
    }
  }

  std::string Origin(const EffectiveValue& value) const {
    std::string text;
    if (!value.file.empty()) {
      text = std::filesystem::path(value.file).lexically_proximate(folder_).string() + ":" +
             std::to_string(value.position.line);
    }
    for (const std::string& origin : value.origins) text += (text.empty() ? "" : ", ") + origin;
    return text;
  }

  void Line(const std::string& what, const std::string& comment) {
    std::size_t width = 0;  // of characters, as a terminal has them
    for (const char c : what) width += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
    const std::size_t gap = width + 2 < kCommentColumn ? kCommentColumn - width : 2;
    text_ += what + std::string(gap, ' ') + "# " + comment + "\n";
  }

  const std::string folder_;
  std::string text_;
};

void WriteJson(const EffectiveValue& value, std::vector<std::string>& path, std::string& out) {
  if (value.kind == Kind::kMapping || value.kind == Kind::kList) {
    std::size_t index = 0;
    for (const EffectiveValue& entry : value.entries) {
      path.push_back(value.kind == Kind::kList ? std::to_string(index++) : entry.key);
      WriteJson(entry, path, out);
      path.pop_back();
    }
    return;
  }
  JsonObject line;
  line.Add("key", path);
  if (value.kind == Kind::kValue) line.Add("value", value.text).Add("secret", value.secret);
  if (!value.file.empty()) {
    line.Add("file", value.file)
        .Add("line", std::int64_t{value.position.line})
        .Add("column", std::int64_t{value.position.column});
  }
  if (!value.origins.empty()) line.Add("origins", value.origins);
  out += line.Text() + "\n";
}

}  // namespace

std::string EffectiveYaml(const EffectiveValue& config, const std::string& folder) {
  YamlWriter writer(folder);
  writer.Write(config, "");
  return std::move(writer).Text();
}

std::string EffectiveJson(const EffectiveValue& config) {
  std::string out;
  std::vector<std::string> path;
  WriteJson(config, path, out);
  return out;
}

}  // namespace fleet_edge::agent
