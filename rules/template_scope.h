#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/template_builder.h"
#include "rules/template_lexer.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {

/// What the names in a template stand for at one place of it. Used by its parser; `builder`
/// outlives it.
class TemplateScope {
 public:
  /// A variable, or what `.` is.
  struct Named {
    std::string name;  ///< with its `$`
    std::uint16_t slot = 0;
    TemplateType type = TemplateType::kLabels;
  };

  explicit TemplateScope(TemplateBuilder& builder) : builder_(builder) {}

  /// The variable that was declared last under this name, or null. Lives until the next Declare()
  /// or Forget().
  const Named* Find(std::string_view name) const;
  void Declare(Named variable) { variables_.push_back(std::move(variable)); }

  std::size_t size() const { return variables_.size(); }

  /// Forgets all variables but the first `size`.
  void Forget(std::size_t size) { variables_.resize(size); }

  /// Makes `.` something else, nothing being all that an alert gives; returns what it was.
  std::optional<Named> Exchange(std::optional<Named> dot);

  /// Emits the value of a variable or a field, with the fields after it: `$labels.zone`. Throws
  /// ExpressionError when there is no such value.
  TemplateType EmitName(const TemplateWord& word);

 private:
  TemplateType EmitSlot(const Named& variable, std::string_view fields, const TemplateWord& word);
  TemplateType EmitData(std::string_view datum, std::string_view fields, const TemplateWord& word);

  TemplateBuilder& builder_;
  std::optional<Named> dot_;
  std::vector<Named> variables_;
};

/// What a template can name, for mends.
inline constexpr const char* kTemplateNames =
    "Known: $value, $labels.x, $externalLabels.x, $externalURL, and variables of the template";

}  // namespace fleet_edge::rules
