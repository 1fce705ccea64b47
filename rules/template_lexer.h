#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::rules {

/// The smallest piece of what stands in `{{ … }}` that means something.
struct TemplateWord {
  enum class Kind : std::uint8_t {
    kEnd,         ///< of the action
    kIdentifier,  ///< `humanize`, `if`
    kVariable,    ///< `$value`, with what follows its dots: `$labels.zone`
    kField,       ///< `.`, `.Labels.zone`
    kString,      ///< text is the value, escapes resolved
    kNumber,
    kSymbol,  ///< `(` `)` `|` `:=` `=` `,`
  };

  Kind kind = Kind::kEnd;
  std::string text{};
  std::size_t offset = 0;  ///< in the template, bytes from 0
  std::size_t length = 0;

  bool Is(Kind wanted, std::string_view wanted_text) const {
    return kind == wanted && text == wanted_text;
  }
  bool IsSymbol(std::string_view symbol) const { return Is(Kind::kSymbol, symbol); }
};

/// Text that stands for itself, or an action `{{ … }}`.
struct TemplatePiece {
  std::size_t offset = 0;             ///< of the text, or of `{{`
  std::size_t length = 0;             ///< of the text
  std::vector<TemplateWord> words{};  ///< of an action, the last is kEnd; empty for text
};

/// Cuts a template of Go's into its pieces: comments are gone, `{{-` and `-}}` have trimmed the
/// text beside them. Throws ExpressionError at what no template holds.
std::vector<TemplatePiece> LexTemplate(std::string_view text);

}  // namespace fleet_edge::rules
