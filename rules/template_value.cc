#include "rules/template_value.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/labels.h"
#include "rules/go_format.h"

namespace fleet_edge::rules {

std::string_view ToString(TemplateType type) {
  switch (type) {
    case TemplateType::kNumber:
      return "float64";
    case TemplateType::kWhole:
      return "int";
    case TemplateType::kBool:
      return "bool";
    case TemplateType::kText:
      return "string";
    case TemplateType::kLabels:
      return "map of labels";
    case TemplateType::kMixed:
      break;
  }
  return "value of several types";
}

bool IsTrue(const TemplateValue& value) {
  return std::visit(
      [](const auto& held) {
        using Held = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return !held.empty();
        } else if constexpr (std::is_same_v<Held, const Labels*>) {
          return !held->empty();
        } else {
          return held != Held{};
        }
      },
      value);
}

std::string ToGoText(const TemplateValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return held;
        } else if constexpr (std::is_same_v<Held, const Labels*>) {
          std::string text = "map[";
          for (const auto& [name, label] : *held) {
            if (text.back() != '[') text += ' ';
            text.append(name).append(":").append(label);
          }
          return text + "]";
        } else if constexpr (std::is_same_v<Held, bool>) {
          return held ? "true" : "false";
        } else if constexpr (std::is_same_v<Held, double>) {
          return ToGoText(held);
        } else {
          return std::to_string(held);
        }
      },
      value);
}

}  // namespace fleet_edge::rules
