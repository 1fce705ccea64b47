#include "rules/template_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/template_builder.h"
#include "rules/template_function.h"
#include "rules/template_lexer.h"
#include "rules/template_program.h"
#include "rules/template_refusal.h"
#include "rules/template_scope.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {
namespace {

using Op = TemplateStep::Op;
using Kind = TemplateWord::Kind;
using Words = std::vector<TemplateWord>;

constexpr std::size_t kLongest = 4096;
constexpr std::size_t kDeepest = 32;
constexpr std::size_t kMostArguments = 32;

class Parser {
 public:
  explicit Parser(std::string_view text)
      : source_(text), pieces_(LexTemplate(text)), builder_(text) {}

  TemplateProgram Run() {
    if (ParseList() != Stop::kText) {
      throw ExpressionError{Word().offset, "'" + Word().text + "' belongs to no if or with",
                            "Remove it"};
    }
    return builder_.Finish();
  }

 private:
  enum class Stop : std::uint8_t { kText, kElse, kEnd };  ///< what ended a list of pieces

  /// Counts a level of nesting while it lives.
  class Level {
   public:
    Level(std::size_t& depth, std::size_t offset) : depth_(depth) {
      if (++depth_ > kDeepest)
        throw ExpressionError{offset, "the template is nested too deeply", "At most 32 levels"};
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --depth_; }

   private:
    std::size_t& depth_;
  };

  const TemplateWord& Word(std::size_t ahead = 0) const {
    const Words& words = pieces_[piece_].words;
    return words[std::min(word_ + ahead, words.size() - 1)];
  }

  /// Pieces up to an `else` or `end`, which is the current word then, or to the end of the text.
  Stop ParseList() {
    for (; piece_ < pieces_.size(); ++piece_) {
      const TemplatePiece& piece = pieces_[piece_];
      if (piece.words.empty()) {
        builder_.EmitPart(Op::kText, source_.substr(piece.offset, piece.length));
        continue;
      }
      word_ = 0;
      if (Word().Is(Kind::kIdentifier, "end")) {
        ExpectEnd(1);
        return Stop::kEnd;
      }
      if (Word().Is(Kind::kIdentifier, "else")) return Stop::kElse;
      ParseAction();
    }
    return Stop::kText;
  }

  void ParseAction() {
    if (Word().kind == Kind::kIdentifier && (Word().text == "if" || Word().text == "with")) {
      ParseBranch();
      return;
    }
    const bool sets = Word(1).IsSymbol(":=") || Word(1).IsSymbol("=");
    if (Word().kind == Kind::kVariable && sets) {
      ParseVariable();
    } else {
      ParsePipeline();
      builder_.Emit({.op = Op::kPrint});
    }
    ExpectEnd();
  }

  void ExpectEnd(std::size_t ahead = 0) const {
    const TemplateWord& word = Word(ahead);
    if (word.kind == Kind::kEnd) return;
    throw ExpressionError{word.offset, "'" + word.text + "' is too much here", "Remove it"};
  }

  /// `$x := PIPELINE` or `$x = PIPELINE`; leaves nothing on the stack.
  void ParseVariable() {
    const TemplateWord name = Word();
    const bool declares = Word(1).IsSymbol(":=");
    word_ += 2;
    if (!IsLabelName(std::string_view(name.text).substr(1))) {
      throw ExpressionError{name.offset, "'" + name.text + "' can't name a variable",
                            "Use letters, digits and _ after the $"};
    }
    const TemplateType type = ParsePipeline();
    if (declares) scope_.Declare({name.text, builder_.NewSlot(name.offset), type});
    const TemplateScope::Named* const variable = scope_.Find(name.text);
    if (variable == nullptr || variable->type != type) {
      throw ExpressionError{
          name.offset,
          "'" + name.text + "' " +
              (variable == nullptr ? "is not declared" : "holds a value of another type"),
          "Declare it with := and a first value of the same type"};
    }
    builder_.Emit({.op = Op::kStore, .slot = variable->slot});
  }

  /// From `if` or `with` up to its `end`, whose piece is the current one then.
  void ParseBranch() {
    const Level level(depth_, Word().offset);
    const TemplateWord opener = Word();
    const std::size_t outside = scope_.size();
    ++word_;
    const TemplateScope::Named condition = ParseCondition();
    ExpectEnd();
    const std::size_t inside = scope_.size();
    const std::size_t if_false = builder_.Emit({.op = Op::kJumpIfFalse});
    ++piece_;
    Stop stop = opener.text == "with" ? ParseListWith(condition) : ParseList();
    scope_.Forget(inside);
    if (stop == Stop::kElse) {
      const std::size_t to_end = builder_.Emit({.op = Op::kJump});
      builder_.Land(if_false);
      stop = ParseElse();
      builder_.Land(to_end);
    } else {
      builder_.Land(if_false);
    }
    if (stop == Stop::kText) {
      throw ExpressionError{opener.offset, "'" + opener.text + "' has no {{ end }}", "End it"};
    }
    scope_.Forget(outside);
  }

  /// Keeps the condition in a slot of its own and leaves it on the stack.
  TemplateScope::Named ParseCondition() {
    const std::size_t offset = Word().offset;
    TemplateScope::Named condition;
    if (Word().kind == Kind::kVariable && Word(1).IsSymbol(":=")) {
      const std::string name = Word().text;
      ParseVariable();
      condition.type = scope_.Find(name)->type;
      builder_.Emit({.op = Op::kLoad, .slot = scope_.Find(name)->slot});
    } else {
      condition.type = ParsePipeline();
    }
    condition.slot = builder_.NewSlot(offset);
    builder_.Emit({.op = Op::kStore, .slot = condition.slot});
    builder_.Emit({.op = Op::kLoad, .slot = condition.slot});
    return condition;
  }

  Stop ParseListWith(const TemplateScope::Named& dot) {
    std::optional<TemplateScope::Named> outer = scope_.Exchange(dot);
    const Stop stop = ParseList();
    scope_.Exchange(std::move(outer));
    return stop;
  }

  Stop ParseElse() {
    ++word_;
    if (Word().kind == Kind::kIdentifier && (Word().text == "if" || Word().text == "with")) {
      ParseBranch();
      return Stop::kEnd;
    }
    ExpectEnd();
    ++piece_;
    const Stop stop = ParseList();
    if (stop != Stop::kElse) return stop;
    throw ExpressionError{Word().offset, "a second 'else'", "Write {{ else if … }}"};
  }

  /// Commands with `|` between them; each gets the value of the one before as its last.
  TemplateType ParsePipeline() {
    TemplateType type = ParseCommand(std::nullopt);
    while (Word().IsSymbol("|")) {
      const TemplateArgument before{type, Word().offset};
      ++word_;
      type = ParseCommand(before);
    }
    return type;
  }

  bool AtCommandEnd() const {
    return Word().kind == Kind::kEnd || Word().IsSymbol("|") || Word().IsSymbol(")");
  }

  TemplateType ParseCommand(std::optional<TemplateArgument> before) {
    const TemplateWord& word = Word();
    if (word.kind == Kind::kIdentifier && word.text != "true" && word.text != "false") {
      return ParseCall(before);
    }
    if (before) {
      throw ExpressionError{word.offset, "what follows '|' is no function",
                            "Write a function like humanize or printf after '|'"};
    }
    const TemplateArgument value = ParseOperand();
    if (AtCommandEnd()) return value.type;
    throw ExpressionError{Word().offset, "'" + Word().text + "' follows a value that takes none",
                          "Put a function before the values"};
  }

  TemplateType ParseCall(std::optional<TemplateArgument> before) {
    const std::size_t first_word = word_;
    const TemplateWord name = Word();
    ++word_;
    // What comes by '|' is the last argument: it waits in a slot for the others.
    std::optional<std::uint16_t> waits;
    if (before && !AtCommandEnd()) {
      waits = builder_.NewSlot(name.offset);
      builder_.Emit({.op = Op::kStore, .slot = *waits});
    }
    if (name.text == "and" || name.text == "or") return ParseChoice(name, before, waits);
    const auto functions = TemplateFunctions();
    const auto function = std::ranges::find(functions, name.text, &TemplateFunction::name);
    if (function == functions.end()) RefuseTemplateName(name.text, name.offset);
    const TemplateWord format = Word();
    std::vector<TemplateArgument> arguments;
    while (!AtCommandEnd()) {
      arguments.push_back(ParseOperand());
      if (arguments.size() > kMostArguments)
        throw ExpressionError{arguments.back().offset, "too many values", "At most 32"};
    }
    const std::span<const TemplateWord> command(pieces_[piece_].words);
    const std::size_t last_word = word_;
    if (waits) builder_.Emit({.op = Op::kLoad, .slot = *waits});
    if (before) arguments.push_back(*before);
    CheckArguments(*function, name.offset, arguments);
    if (name.text == "printf") CheckFormat(format, arguments);
    builder_.EmitCall(static_cast<std::size_t>(function - functions.begin()), arguments.size(),
                      command.subspan(first_word, last_word - first_word));
    return function->result;
  }

  /// `and` and `or`: the first value that decides, else the last.
  TemplateType ParseChoice(const TemplateWord& name, std::optional<TemplateArgument> before,
                           std::optional<std::uint16_t> waits) {
    std::vector<std::size_t> jumps;
    std::optional<TemplateType> type;
    const auto join = [&](TemplateType next) {
      type = !type || *type == next ? next : TemplateType::kMixed;
    };
    while (!AtCommandEnd()) {
      join(ParseOperand().type);
      if (AtCommandEnd() && !before) break;
      jumps.push_back(builder_.Emit({.op = name.text == "and" ? Op::kAndElse : Op::kOrElse}));
    }
    if (waits) builder_.Emit({.op = Op::kLoad, .slot = *waits});
    if (before) join(before->type);
    if (!type)
      throw ExpressionError{name.offset, "'" + name.text + "' has no values", "Give it two"};
    for (const std::size_t jump : jumps) builder_.Land(jump);
    return *type;
  }

  TemplateArgument ParseOperand() {
    const TemplateWord word = Word();
    ++word_;
    switch (word.kind) {
      case Kind::kString:
        builder_.EmitString(word);
        return {TemplateType::kText, word.offset};
      case Kind::kNumber:
        return {builder_.EmitNumber(word), word.offset};
      case Kind::kVariable:
      case Kind::kField:
        return {scope_.EmitName(word), word.offset};
      case Kind::kIdentifier:
        if (word.text == "true" || word.text == "false") {
          builder_.Emit({.op = Op::kBool, .slot = word.text == "true"});
          return {TemplateType::kBool, word.offset};
        }
        RefuseAsValue(word);
      case Kind::kSymbol:
        if (word.text == "(") return ParseParentheses(word);
        break;
      case Kind::kEnd:
        throw ExpressionError{word.offset, "a value is missing before '}}'", kTemplateNames};
    }
    throw ExpressionError{word.offset, "expected a value, not '" + word.text + "'", kTemplateNames};
  }

  [[noreturn]] static void RefuseAsValue(const TemplateWord& word) {
    const bool known = std::ranges::find(TemplateFunctions(), word.text, &TemplateFunction::name) !=
                       TemplateFunctions().end();
    if (!known) RefuseTemplateName(word.text, word.offset);
    throw ExpressionError{word.offset, "'" + word.text + "' is a function, not a value",
                          "Put it and its values into parentheses, or use '|'"};
  }

  TemplateArgument ParseParentheses(const TemplateWord& open) {
    const Level level(depth_, open.offset);
    const TemplateType type = ParsePipeline();
    if (!Word().IsSymbol(")")) {
      throw ExpressionError{open.offset, "'(' has no ')'", "Close it"};
    }
    ++word_;
    return {type, open.offset};
  }

  const std::string_view source_;
  const std::vector<TemplatePiece> pieces_;
  std::size_t piece_ = 0;
  std::size_t word_ = 0;
  std::size_t depth_ = 0;
  TemplateBuilder builder_;
  TemplateScope scope_{builder_};
};

}  // namespace

TemplateProgram ParseTemplate(std::string_view text) {
  if (text.size() > kLongest) {
    throw ExpressionError{kLongest, "the text is longer than 4 KiB", "Shorten it"};
  }
  return Parser(text).Run();
}

}  // namespace fleet_edge::rules
