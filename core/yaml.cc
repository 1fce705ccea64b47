#include "core/yaml.h"

#include <yaml-cpp/yaml.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostic.h"
#include "core/utf8.h"

namespace fleet_edge {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 1'000'000;

Position At(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

struct Refused {
  Position position;
  std::string what;
  std::string mend;
};

class Converter {
 public:
  YamlNode Convert(const YAML::Node& from, int depth) {
    YamlNode node;
    node.position = At(from.Mark());
    if (depth > kMaxDepth) throw Refused{node.position, "nested too deeply", "At most 64 levels"};
    if (++nodes_ > kMaxNodes)
      throw Refused{node.position, "too large", "Check its aliases (*name)"};
    switch (from.Type()) {
      case YAML::NodeType::Scalar:
        node.kind = YamlNode::Kind::kScalar;
        node.text = from.Scalar();
        node.quoted = from.Tag() == "!";
        break;
      case YAML::NodeType::Sequence:
        node.kind = YamlNode::Kind::kSequence;
        for (const YAML::Node& item : from) node.items.push_back(Convert(item, depth + 1));
        break;
      case YAML::NodeType::Map:
        node.kind = YamlNode::Kind::kMapping;
        for (const auto& entry : from) AddEntry(node, entry.first, entry.second, depth + 1);
        break;
      case YAML::NodeType::Null:
      case YAML::NodeType::Undefined:
        break;
    }
    return node;
  }

 private:
  void AddEntry(YamlNode& node, const YAML::Node& key, const YAML::Node& value, int depth) {
    YamlNode name = Convert(key, depth);
    if (name.kind != YamlNode::Kind::kScalar) {
      throw Refused{name.position, "a key that is not a name", "Write `name: value`"};
    }
    if (node.Find(name.text) != nullptr) {
      throw Refused{name.position, "'" + name.text + "' stands twice", "Remove one of them"};
    }
    node.entries.emplace_back(std::move(name), Convert(value, depth));
  }

  std::size_t nodes_ = 0;
};

/// YAML is Unicode, and so are the hub's messages: one byte of another code in an alert's text, and
/// no consumer could read the alert.
void CheckIsUtf8(std::string_view text) {
  const std::size_t wrong = FindNoUtf8(text);
  if (wrong == std::string_view::npos) return;
  Position position{1, 1};
  for (std::size_t at = 0; at < wrong; at += Utf8SequenceLength(text.substr(at))) {
    const bool ends = text[at] == '\n';
    position = ends ? Position{position.line + 1, 1} : Position{position.line, position.column + 1};
  }
  std::array<char, 8> byte{};
  std::snprintf(byte.data(), byte.size(), "0x%02x", static_cast<unsigned char>(text[wrong]));
  throw Refused{position, "byte " + std::string(byte.data()) + " is no UTF-8",
                "Save the file as UTF-8"};
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.text == key) return &value;
  }
  return nullptr;
}

YamlNode ParseYaml(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  Refused refused;
  try {
    CheckIsUtf8(text);
    return Converter().Convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    refused = {At(error.mark), "not YAML: " + error.msg, "Check indentation, quotes and colons"};
  } catch (Refused& error) {
    refused = std::move(error);
  }
  diagnostics.push_back({.file = file,
                         .position = refused.position,
                         .what = std::move(refused.what),
                         .mend = std::move(refused.mend)});
  return {};
}

}  // namespace fleet_edge
