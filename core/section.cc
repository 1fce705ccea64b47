#include "core/section.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/nearest.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge {
namespace {

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

template <typename Number>
bool ParseWhole(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && at == end;
}

}  // namespace

Section::Note& Section::Note::OneOf(std::span<const std::string_view> words) {
  if (doc_ != nullptr) doc_->words.assign(words.begin(), words.end());
  return *this;
}

Section::Note& Section::Note::Between(double least, double most) {
  if (doc_ != nullptr) {
    doc_->least = least;
    doc_->most = most;
  }
  return *this;
}

Section::Note& Section::Note::Open(const std::map<std::string, std::string>& defaults,
                                   bool (*secret)(std::string_view key)) {
  if (doc_ == nullptr) return *this;
  for (const auto& [key, value] : defaults) {
    KeyDoc& entry = doc_->inner.emplace_back();
    entry.path = doc_->path + "." + key;
    entry.key = key;
    entry.default_value = value;
    entry.form = KeyDoc::Form::kText;
  }
  doc_->secret = secret;
  return *this;
}

std::vector<Section::KeyDoc> Flatten(const std::vector<Section::KeyDoc>& docs) {
  using Form = Section::KeyDoc::Form;
  std::vector<Section::KeyDoc> flat;
  for (const Section::KeyDoc& doc : docs) {
    flat.push_back(doc);
    if (doc.form == Form::kAny || doc.inner.empty()) continue;
    const bool items = doc.form == Form::kList || doc.form == Form::kMap;
    std::ranges::move(Flatten(items ? doc.inner.front().inner : doc.inner),
                      std::back_inserter(flat));
  }
  return flat;
}

void Section::Context::Fail(Position position, std::string what, std::string mend) const {
  diagnostics.push_back(
      {.file = file, .position = position, .what = std::move(what), .mend = std::move(mend)});
}

Position Section::PositionOf(std::string_view key) const {
  const YamlNode* const value = node_->Find(key);
  return value != nullptr ? value->position : node_->position;
}

void Section::Fail(std::string_view key, std::string what, std::string mend) {
  if (reading()) context_->Fail(PositionOf(key), std::move(what), std::move(mend));
}

const YamlNode* Section::Take(std::string_view key, bool required) {
  known_.emplace_back(key);
  const YamlNode* const value = node_->Find(key);
  if (value == nullptr && required) {
    context_->Fail(node_->position, "key " + Quoted(key) + " is missing",
                   "Add `" + std::string(key) + ": …`");
  }
  return value;
}

void Section::RefuseUnknown() const {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& [key, value] : node_->entries) {
    if (std::ranges::find(known, key.text) != known.end()) continue;
    const std::string_view near = Nearest(key.text, known);
    std::string mend = near.empty() ? "Allowed here:" : "Did you mean " + Quoted(near) + "?";
    if (near.empty()) {
      for (const std::string_view name : known) mend.append(" ").append(name);
    }
    context_->Fail(key.position, "unknown key " + Quoted(key.text), std::move(mend));
  }
}

namespace section_internal {

bool Expect(const YamlNode& node, YamlNode::Kind kind, const Section::Context& context) {
  static constexpr std::array<std::string_view, 4> kNames{"nothing", "a value", "a list",
                                                          "a mapping"};
  if (node.kind == kind) return true;
  const auto name = [](YamlNode::Kind of) { return kNames.at(static_cast<std::size_t>(of)); };
  context.Fail(
      node.position,
      std::string("expected ").append(name(kind)) + ", got " + std::string(name(node.kind)),
      kind == YamlNode::Kind::kSequence  ? "Write `[a, b]` or lines that begin with `- `"
      : kind == YamlNode::Kind::kMapping ? "Write `key: value` lines below it"
                                         : "Write one value");
  return false;
}

void ReadScalar(const YamlNode& node, const Section::Context& context, bool& value) {
  if (node.text == "true" || node.text == "false") {
    value = node.text == "true";
  } else {
    context.Fail(node.position, Quoted(node.text) + " is neither true nor false",
                 "Write true or false");
  }
}

void ReadScalar(const YamlNode& node, const Section::Context& context, std::int64_t& value) {
  if (!ParseWhole(node.text, value)) {
    context.Fail(node.position, Quoted(node.text) + " is not a whole number",
                 "Write a number like 42");
  }
}

void ReadScalar(const YamlNode& node, const Section::Context& context, double& value) {
  if (!ParseWhole(node.text, value)) {
    context.Fail(node.position, Quoted(node.text) + " is not a number", "Write a number like 1.5");
  }
}

void ReadScalar(const YamlNode& node, const Section::Context& /*context*/, std::string& value) {
  value = node.text;
}

void ReadScalar(const YamlNode& node, const Section::Context& context, Duration& value) {
  if (const auto parsed = ParseDuration(node.text)) {
    value = *parsed;
  } else {
    context.Fail(node.position, Quoted(node.text) + " is not a duration",
                 "Write a number with its unit, like 500ms, 10s or 1h30m");
  }
}

void ReadScalar(const YamlNode& node, const Section::Context& context, Bytes& value) {
  if (const auto parsed = ParseBytes(node.text)) {
    value = *parsed;
  } else {
    context.Fail(node.position, Quoted(node.text) + " is not a size",
                 "Write a number with its unit, like 64KiB or 512MiB");
  }
}

std::string Show(bool value) { return value ? "true" : "false"; }
std::string Show(std::int64_t value) { return std::to_string(value); }
std::string Show(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}
std::string Show(const std::string& value) { return value; }
std::string Show(Duration value) { return ToString(value); }
std::string Show(Bytes value) { return ToString(value); }

}  // namespace section_internal

}  // namespace fleet_edge
