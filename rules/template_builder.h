#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "rules/template_lexer.h"
#include "rules/template_program.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {

/// Appends steps to the program of one template, whose text outlives it. Used by its parser.
class TemplateBuilder {
 public:
  explicit TemplateBuilder(std::string_view source);

  /// The step's place, for Land().
  std::size_t Emit(TemplateStep step);

  /// The jump at `from` goes to the next step.
  void Land(std::size_t from);

  /// A step about `part`, a part of the source.
  void EmitPart(TemplateStep::Op op, std::string_view part);

  void EmitString(const TemplateWord& word);

  /// kNumber or kWhole. Throws ExpressionError when `word` is no decimal number.
  TemplateType EmitNumber(const TemplateWord& word);

  /// A call of the function at place `function` by `command`, which it names when it fails.
  void EmitCall(std::size_t function, std::size_t arguments, std::span<const TemplateWord> command);

  /// A new slot. Throws ExpressionError at `offset` beyond 64.
  std::uint16_t NewSlot(std::size_t offset);

  std::string_view SourceOf(const TemplateWord& word) const;

  /// What was built. Called once.
  TemplateProgram Finish();

 private:
  /// A step about `text`, which is kept beside the source.
  TemplateStep Appended(TemplateStep::Op op, std::string_view text);
  std::string PlaceOf(std::span<const TemplateWord> command) const;

  const std::string_view source_;
  TemplateProgram program_;
};

}  // namespace fleet_edge::rules
