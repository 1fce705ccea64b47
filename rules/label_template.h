#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/external.h"
#include "rules/template_program.h"

namespace fleet_edge::rules {

/// What a template can name. Lent for one expansion.
struct TemplateData {
  double value;
  const Labels& labels;  ///< of the series that the alert's expression yields, with its name
  const External& external;
  std::string_view alert;  ///< its name, for failures
};

/// The text of an alert's label or annotation, in the part of Go's template language that alert
/// files use. Immutable; a plain text costs no more than the text.
class LabelTemplate {
 public:
  /// Throws ExpressionError at the first thing in `{{ … }}` that is not supported or can only fail.
  static LabelTemplate Parse(std::string_view text);

  /// As Prometheus does: what fails (humanize of a text that is no number) gives
  /// `<error expanding template: …>`. A result longer than 4 KiB is cut and says so.
  std::string Expand(const TemplateData& data) const;

  /// A label of the series that it prints or looks at, and where its name stands in the text.
  struct Mention {
    std::string_view label;  ///< lives as long as the template
    std::size_t offset;
  };
  std::vector<Mention> Mentions() const;

  /// True when another value can give another text, other than by a choice between texts.
  bool PrintsValue() const;

 private:
  explicit LabelTemplate(TemplateProgram program) : program_(std::move(program)) {}

  TemplateProgram program_;
};

}  // namespace fleet_edge::rules
