#include "agent/config/effective_config.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_file.h"
#include "agent/config/config_source.h"
#include "agent/config/config_values.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

using KeyDoc = Section::KeyDoc;
using Form = Section::KeyDoc::Form;
using Kind = EffectiveValue::Kind;

/// Lays the declarations beside what the files say.
class Walker {
 public:
  explicit Walker(const ConfigSource& source) : source_(source) {}

  /// `node` is what the files say, or null.
  EffectiveValue Walk(const KeyDoc& doc, const YamlNode* node) const {
    EffectiveValue value;
    switch (doc.form) {
      case Form::kSection:
        if (node != nullptr || !doc.optional) value = Keys(doc, node);
        break;
      case Form::kList:
        if (doc.path == "drivers") {
          value = Drivers(node);
        } else if (node != nullptr) {
          value = Items(doc.inner.front(), *node);
        }
        break;
      case Form::kMap:
        if (node != nullptr) value = Entries(doc.inner.front(), *node);
        break;
      case Form::kAny:
        value = Open(doc, node);
        break;
      default:
        value = Scalar(doc, node);
    }
    value.key = doc.key;
    return value;
  }

 private:
  EffectiveValue Keys(const KeyDoc& doc, const YamlNode* node) const {
    EffectiveValue value = Of(Kind::kMapping);
    for (const KeyDoc& key : doc.inner) {
      value.entries.push_back(Walk(key, node == nullptr ? nullptr : node->Find(key.key)));
    }
    return value;
  }

  EffectiveValue Items(const KeyDoc& item, const YamlNode& node) const {
    EffectiveValue value = Of(Kind::kList);
    for (const YamlNode& one : node.items) value.entries.push_back(Walk(item, &one));
    return value;
  }

  EffectiveValue Entries(const KeyDoc& item, const YamlNode& node) const {
    EffectiveValue value = Of(Kind::kMapping);
    for (const auto& [key, one] : node.entries) {
      value.entries.push_back(Walk(item, &one));
      value.entries.back().key = key.text;
    }
    return value;
  }

  /// A mapping whose keys somebody else knows: what the files say, then the other defaults.
  EffectiveValue Open(const KeyDoc& doc, const YamlNode* node) const {
    KeyDoc item;
    item.form = Form::kText;
    EffectiveValue value = Of(Kind::kMapping);
    if (node != nullptr) value = Entries(item, *node);
    for (const KeyDoc& key : doc.inner) {
      if (node == nullptr || node->Find(key.key) == nullptr) {
        value.entries.push_back(Walk(key, nullptr));
      }
    }
    for (EffectiveValue& entry : value.entries) {
      if (doc.secret != nullptr && doc.secret(entry.key)) HideValue(entry);
    }
    return value;
  }

  EffectiveValue Drivers(const YamlNode* node) const {
    EffectiveValue value = Of(Kind::kList);
    if (node == nullptr) return {};
    for (const YamlNode& item : node->items) value.entries.push_back(Driver(item));
    return value;
  }

  EffectiveValue Driver(const YamlNode& item) const {
    KeyDoc name;
    name.key = "name";
    name.form = Form::kText;
    EffectiveValue value = Of(Kind::kMapping);
    value.entries.emplace_back();
    for (const drivers::DriverKind& kind : drivers::DriverKinds()) {
      const YamlNode* const options = item.Find(kind.kind);
      if (options == nullptr) continue;
      name.default_value = kind.kind;
      KeyDoc doc;
      doc.key = kind.kind;
      doc.form = Form::kSection;
      doc.inner = kind.reference();
      value.entries.push_back(Walk(doc, options));
    }
    value.entries.front() = Walk(name, item.Find("name"));
    return value;
  }

  EffectiveValue Scalar(const KeyDoc& doc, const YamlNode* node) const {
    if (node == nullptr) {
      if (doc.default_value.empty()) return {};
      EffectiveValue value = Of(Kind::kValue);
      value.text = doc.default_value;
      value.origins = {"default"};
      return value;
    }
    EffectiveValue value = Of(Kind::kValue);
    value.text = node->text;
    value.file = source_.FileOf(node->position);
    value.position = node->position;
    if (const ExpandedValue* const expanded = source_.ExpansionAt(node->position)) {
      value.origins = expanded->origins;
      if (!expanded->secrets.empty()) HideValue(value);
    }
    return value;
  }

  static EffectiveValue Of(Kind kind) {
    EffectiveValue value;
    value.kind = kind;
    return value;
  }

  static void HideValue(EffectiveValue& value) {
    value.text = kHidden;
    value.secret = true;
  }

  const ConfigSource& source_;
};

}  // namespace

EffectiveValue Effective(const LoadedConfig& loaded) {
  KeyDoc whole;
  whole.form = Form::kSection;
  whole.inner = Section::Reference("", loaded.config);
  EffectiveValue value = Walker(loaded.source).Walk(whole, &loaded.source.root());
  if (loaded.source.Find({"vehicle", "id"}).node == nullptr) {
    const auto vehicle = std::ranges::find(value.entries, "vehicle", &EffectiveValue::key);
    const auto id = std::ranges::find(vehicle->entries, "id", &EffectiveValue::key);
    id->origins = {kMachineId};
  }
  return value;
}

}  // namespace fleet_edge::agent
