#include "rules/template_scope.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/template_lexer.h"
#include "rules/template_program.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {
namespace {

using Op = TemplateStep::Op;

[[noreturn]] void Refuse(const TemplateWord& word, std::string_view why) {
  throw ExpressionError{word.offset, "'" + word.text + "' in a template " + std::string(why),
                        kTemplateNames};
}

constexpr std::string_view kNoParts = "asks for a part of a value that has none";

}  // namespace

const TemplateScope::Named* TemplateScope::Find(std::string_view name) const {
  const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                  [&](const Named& variable) { return variable.name == name; });
  return found == variables_.rend() ? nullptr : &*found;
}

std::optional<TemplateScope::Named> TemplateScope::Exchange(std::optional<Named> dot) {
  return std::exchange(dot_, std::move(dot));
}

TemplateType TemplateScope::EmitName(const TemplateWord& word) {
  const std::string_view text = builder_.SourceOf(word);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::string_view name = text.substr(0, dot);
  std::string_view fields = text.substr(dot);
  if (name.empty() && fields == ".") fields = {};
  if (const Named* const variable = Find(name); variable != nullptr) {
    return EmitSlot(*variable, fields, word);
  }
  if (name == "$value") return EmitData(".Value", fields, word);
  if (name == "$labels") return EmitData(".Labels", fields, word);
  if (name == "$externalLabels") return EmitData(".ExternalLabels", fields, word);
  if (name == "$externalURL") return EmitData(".ExternalURL", fields, word);
  if (name.empty() && dot_) return EmitSlot(*dot_, fields, word);
  if (!name.empty() && name != "$") Refuse(word, "is not declared");
  if (fields.empty()) Refuse(word, "is no value");
  const std::size_t next = std::min(fields.find('.', 1), fields.size());
  return EmitData(fields.substr(0, next), fields.substr(next), word);
}

TemplateType TemplateScope::EmitSlot(const Named& variable, std::string_view fields,
                                     const TemplateWord& word) {
  if (!fields.empty()) Refuse(word, kNoParts);
  builder_.Emit({.op = Op::kLoad, .slot = variable.slot});
  return variable.type;
}

TemplateType TemplateScope::EmitData(std::string_view datum, std::string_view fields,
                                     const TemplateWord& word) {
  const bool external = datum == ".ExternalLabels";
  if (external || datum == ".Labels") {
    if (fields.empty()) {
      builder_.Emit({.op = external ? Op::kExternalLabels : Op::kLabels});
      return TemplateType::kLabels;
    }
    if (!IsLabelName(fields.substr(1))) Refuse(word, "names no label");
    builder_.EmitPart(external ? Op::kExternalLabel : Op::kLabel, fields.substr(1));
    return TemplateType::kText;
  }
  if (datum != ".Value" && datum != ".ExternalURL") Refuse(word, "is not known");
  if (!fields.empty()) Refuse(word, kNoParts);
  const bool value = datum == ".Value";
  builder_.Emit({.op = value ? Op::kValue : Op::kExternalUrl});
  return value ? TemplateType::kNumber : TemplateType::kText;
}

}  // namespace fleet_edge::rules
