#include "rules/template_builder.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "rules/expression_error.h"
#include "rules/template_function.h"
#include "rules/template_lexer.h"
#include "rules/template_program.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {
namespace {

using Op = TemplateStep::Op;

constexpr std::size_t kMostSlots = 64;

}  // namespace

TemplateBuilder::TemplateBuilder(std::string_view source) : source_(source) {
  program_.text = source;
}

std::size_t TemplateBuilder::Emit(TemplateStep step) {
  program_.steps.push_back(step);
  return program_.steps.size() - 1;
}

void TemplateBuilder::Land(std::size_t from) {
  program_.steps[from].begin = static_cast<std::uint32_t>(program_.steps.size());
}

void TemplateBuilder::EmitPart(Op op, std::string_view part) {
  Emit({.op = op,
        .begin = static_cast<std::uint32_t>(part.data() - source_.data()),
        .length = static_cast<std::uint32_t>(part.size())});
}

TemplateStep TemplateBuilder::Appended(Op op, std::string_view text) {
  const auto begin = static_cast<std::uint32_t>(program_.text.size());
  program_.text += text;
  return {.op = op, .begin = begin, .length = static_cast<std::uint32_t>(text.size())};
}

std::string_view TemplateBuilder::SourceOf(const TemplateWord& word) const {
  return source_.substr(word.offset, word.length);
}

void TemplateBuilder::EmitString(const TemplateWord& word) {
  const std::string_view inside = source_.substr(word.offset + 1, word.length - 2);
  if (inside == word.text) {
    EmitPart(Op::kString, inside);
  } else {
    Emit(Appended(Op::kString, word.text));
  }
}

TemplateType TemplateBuilder::EmitNumber(const TemplateWord& word) {
  std::string_view digits = SourceOf(word);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const std::string_view bare = digits.substr(digits.starts_with('-') ? 1 : 0);
  const bool whole = bare.find_first_of(".eE") == std::string_view::npos;
  const bool octal = whole && bare.size() > 1 && bare.front() == '0';
  const char* const end = digits.data() + digits.size();
  double number = 0;
  std::int64_t count = 0;
  const auto [at, error] = whole ? std::from_chars(digits.data(), end, count)
                                 : std::from_chars(digits.data(), end, number);
  if (octal || at != end || error != std::errc{}) {
    throw ExpressionError{word.offset, "'" + word.text + "' is no number that is supported here",
                          "Write 42, -1.5 or 1e3; put arithmetic into the rule's expression"};
  }
  EmitPart(whole ? Op::kWhole : Op::kNumber, digits);
  return whole ? TemplateType::kWhole : TemplateType::kNumber;
}

void TemplateBuilder::EmitCall(std::size_t function, std::size_t arguments,
                               std::span<const TemplateWord> command) {
  TemplateStep step{.op = Op::kCall};
  if (TemplateFunctions()[function].takes == TemplateFunction::Takes::kNumbers) {
    step = Appended(Op::kCall, PlaceOf(command));
  }
  step.slot = static_cast<std::uint16_t>(function);
  step.count = static_cast<std::uint8_t>(arguments);
  Emit(step);
}

/// Where Go says that a command stands, and the command as Go writes it: `1:117 humanize $x`.
std::string TemplateBuilder::PlaceOf(std::span<const TemplateWord> command) const {
  // Prometheus puts this before each template.
  constexpr std::string_view kBefore =
      "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
      "{{$externalURL := .ExternalURL}}{{$value := .Value}}";
  const std::string_view before = source_.substr(0, command.front().offset);
  const std::size_t line = before.rfind('\n');
  const std::size_t column =
      line == std::string_view::npos ? before.size() + kBefore.size() : before.size() - line - 1;
  std::string place = std::to_string(1 + std::ranges::count(before, '\n'));
  place += ":" + std::to_string(column) + " ";
  bool blank = false;
  for (const TemplateWord& word : command) {
    if (blank && !word.IsSymbol(")")) place += ' ';
    place += SourceOf(word);
    blank = !word.IsSymbol("(");
  }
  return place;
}

std::uint16_t TemplateBuilder::NewSlot(std::size_t offset) {
  if (program_.slots == kMostSlots) {
    throw ExpressionError{offset, "the template has too many variables and conditions",
                          "At most 64"};
  }
  return program_.slots++;
}

TemplateProgram TemplateBuilder::Finish() {
  auto& steps = program_.steps;
  if (steps.empty()) program_.text.clear();  // comments only
  if (steps.size() == 1 && steps.front().op == Op::kText &&
      steps.front().length == program_.text.size()) {
    steps.clear();
  }
  program_.text.shrink_to_fit();
  program_.steps.shrink_to_fit();
  return std::move(program_);
}

}  // namespace fleet_edge::rules
