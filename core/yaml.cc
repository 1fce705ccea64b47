#include "core/yaml.h"

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostic.h"

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
