#include "agent/config/config_schema.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.h"
#include "agent/text/json.h"
#include "core/section.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

using KeyDoc = Section::KeyDoc;
using Form = Section::KeyDoc::Form;

// As ParseDuration() and ParseBytes() have them.
constexpr const char* kDurationPattern =
    "^(?=.)(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?)$";
constexpr const char* kSizePattern = "^[0-9]+ ?(B|KiB|MiB|GiB|kB|MB|GB)?$";

JsonObject Reference(std::string_view name) {
  JsonObject reference;
  reference.Add("$ref", "#/$defs/" + std::string(name));
  return reference;
}

/// A value of one of these schemas, or one that a `${…}` makes.
JsonObject OrExpanded(std::vector<JsonObject> own) {
  own.push_back(Reference("expanded"));
  JsonObject either;
  either.Add("anyOf", own);
  return either;
}

JsonObject PatternSchema(const char* pattern) {
  JsonObject schema;
  return schema.Add("type", "string").Add("pattern", pattern);
}

JsonObject NumberSchema(const KeyDoc& doc) {
  JsonObject schema;
  schema.Add("type", doc.form == Form::kInteger ? "integer" : "number");
  // Bounds beyond what JSON's numbers tell apart bound nothing.
  constexpr double kExact = 9'007'199'254'740'992;
  const auto bound = [&](const char* name, std::optional<double> value) {
    if (!value || std::abs(*value) > kExact) return;
    schema.Add(name, *value);
  };
  bound("minimum", doc.least);
  bound("maximum", doc.most);
  return schema;
}

/// A number in quotes, which templates write: to the agent a scalar is its text, quoted or not. A
/// pattern knows no bound but zero; the others are for `check`.
JsonObject QuotedNumberSchema(const KeyDoc& doc) {
  const double least = doc.least.value_or(-1);
  if (doc.form == Form::kNumber) {
    return PatternSchema(least < 0 ? R"(^-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$)"
                                   : R"(^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$)");
  }
  return PatternSchema(least < 0 ? "^-?[0-9]+$" : "^[0-9]+$");
}

JsonObject ScalarSchema(const KeyDoc& doc) {
  JsonObject schema;
  if (!doc.words.empty()) return OrExpanded({schema.Add("enum", doc.words)});
  switch (doc.form) {
    case Form::kSwitch:
      return OrExpanded({schema.Add("type", "boolean"), PatternSchema("^(true|false)$")});
    case Form::kInteger:
    case Form::kNumber:
      return OrExpanded({NumberSchema(doc), QuotedNumberSchema(doc)});
    case Form::kDuration:
      return Reference("duration");
    case Form::kSize:
      return Reference("size");
    default:
      return Reference("text");
  }
}

JsonObject SchemaOf(const KeyDoc& doc);

JsonObject SectionSchema(const std::vector<KeyDoc>& keys) {
  JsonObject properties;
  std::vector<std::string> required;
  for (const KeyDoc& key : keys) {
    JsonObject schema = SchemaOf(key);
    schema.Add("description", key.help);
    if (!key.default_value.empty()) schema.Add("default", key.default_value);
    properties.Add(key.key, schema);
    if (key.required) required.push_back(key.key);
  }
  JsonObject schema;
  schema.Add("type", "object").Add("properties", properties);
  if (!required.empty()) schema.Add("required", required);
  return schema.Add("additionalProperties", false);
}

/// A mapping whose keys somebody else judges.
JsonObject OpenSchema(const KeyDoc& doc) {
  JsonObject properties;
  for (const KeyDoc& key : doc.inner) {
    JsonObject schema = Reference("text");
    properties.Add(key.key, schema.Add("default", key.default_value));
  }
  JsonObject schema;
  schema.Add("type", "object").Add("properties", properties);
  return schema.Add("additionalProperties", Reference("text"));
}

/// An item has one kind, and perhaps a name.
JsonObject DriverSchema() {
  JsonObject properties;
  properties.Add("name", Reference("text").Add("description", "Default: the kind."));
  std::vector<JsonObject> kinds;
  for (const drivers::DriverKind& kind : drivers::DriverKinds()) {
    JsonObject schema = SectionSchema(kind.reference());
    properties.Add(kind.kind, schema.Add("description", kind.help));
    JsonObject one;
    kinds.push_back(one.Add("required", std::vector{std::string(kind.kind)}));
  }
  JsonObject schema;
  schema.Add("type", "object").Add("properties", properties).Add("oneOf", kinds);
  return schema.Add("additionalProperties", false);
}

JsonObject SchemaOf(const KeyDoc& doc) {
  JsonObject schema;
  switch (doc.form) {
    case Form::kSection:
      return SectionSchema(doc.inner);
    case Form::kList:
      schema.Add("type", "array");
      return schema.Add("items",
                        doc.path == "drivers" ? DriverSchema() : SchemaOf(doc.inner.front()));
    case Form::kMap:
      schema.Add("type", "object");
      return schema.Add("additionalProperties", SchemaOf(doc.inner.front()));
    case Form::kAny:
      return OpenSchema(doc);
    default:
      return ScalarSchema(doc);
  }
}

JsonObject Definitions() {
  JsonObject zero;
  zero.Add("const", std::int64_t{0});
  JsonObject bytes;
  bytes.Add("type", "integer").Add("minimum", std::int64_t{0});
  JsonObject text;
  text.Add("type", std::vector<std::string>{"string", "number", "boolean"});
  JsonObject duration;
  duration.Add("anyOf", std::vector{PatternSchema(kDurationPattern), zero, Reference("expanded")});
  JsonObject size;
  size.Add("anyOf", std::vector{PatternSchema(kSizePattern), bytes, Reference("expanded")});
  JsonObject definitions;
  return definitions.Add("expanded", PatternSchema(R"(\$\{)"))
      .Add("text", text)
      .Add("duration", duration)
      .Add("size", size);
}

}  // namespace

std::string ConfigurationSchema() {
  JsonObject schema;
  schema.Add("$schema", "https://json-schema.org/draft/2020-12/schema")
      .Add("title", "Configuration of fleet-edge")
      .Add("$defs", Definitions());
  const JsonObject file = SectionSchema(Section::Reference<Config>());
  return schema.Add("allOf", std::vector{file}).Text() + "\n";
}

}  // namespace fleet_edge::agent
