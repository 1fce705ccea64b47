#include "rules/template_lexer.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/expression_error.h"
#include "rules/lexer.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool IsBlank(char c) { return kBlank.find(c) != std::string_view::npos; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IsDigit(c);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<TemplatePiece> Run() {
    while (at_ < text_.size()) {
      const std::size_t open = std::min(text_.find("{{", at_), text_.size());
      const bool trims = Rest(open + 2).starts_with('-') && BlankAt(open + 3);
      AddText(open, trims);
      if (open == text_.size()) break;
      at_ = open + (trims ? 4 : 2);
      if (Rest(at_).starts_with("/*")) {
        SkipComment(open);
      } else {
        TakeAction(open);
      }
    }
    return std::move(pieces_);
  }

 private:
  std::string_view Rest(std::size_t from) const {
    return from < text_.size() ? text_.substr(from) : std::string_view();
  }
  bool BlankAt(std::size_t at) const { return at < text_.size() && IsBlank(text_[at]); }

  /// The text from here to `end`, trimmed as the actions beside it say.
  void AddText(std::size_t end, bool trim_end) {
    if (trim_next_) at_ = std::min(text_.find_first_not_of(kBlank, at_), end);
    while (trim_end && end > at_ && IsBlank(text_[end - 1])) --end;
    if (end > at_) pieces_.push_back({at_, end - at_});
    trim_next_ = false;
  }

  /// Steps over `}}` or ` -}}` when it stands here.
  bool TakeClose() {
    const bool trims = BlankAt(at_) && Rest(at_ + 1).starts_with("-}}");
    if (!trims && !Rest(at_).starts_with("}}")) return false;
    at_ += trims ? 4 : 2;
    trim_next_ = trims;
    return true;
  }

  void SkipComment(std::size_t open) {
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
    if (TakeClose()) return;
    throw ExpressionError{open, "the comment that begins here does not end with '*/}}'",
                          "Write {{/* … */}}, without a blank before }}"};
  }

  void TakeAction(std::size_t open) {
    TemplatePiece action{open, 0};
    while (!TakeClose()) {
      if (at_ >= text_.size()) throw ExpressionError{open, "'{{' has no '}}'", "Close it"};
      if (IsBlank(text_[at_])) {
        ++at_;
      } else {
        action.words.push_back(TakeWord());
      }
    }
    action.words.push_back({.offset = std::max(open + 2, at_ - 2)});
    if (action.words.size() > 1) {
      pieces_.push_back(std::move(action));
      return;
    }
    throw ExpressionError{open + 2, "'{{ }}' says nothing", "Write {{ $value }}, or remove it"};
  }

  TemplateWord TakeWord() {
    using Kind = TemplateWord::Kind;
    const std::size_t begin = at_;
    const char c = text_[at_];
    TemplateWord word{.offset = begin};
    if (c == '"' || c == '`') {
      word.kind = Kind::kString;
      word.text = TakeString();
    } else if (c == '$' || c == '.' || IsNamePart(c) || c == '+' || c == '-') {
      ++at_;
      while (at_ < text_.size() && (IsNamePart(text_[at_]) || text_[at_] == '.' || InExponent()))
        ++at_;
      word.text = text_.substr(begin, at_ - begin);
      const bool number = c == '+' || c == '-' || IsDigit(c) ||
                          (c == '.' && word.text.size() > 1 && IsDigit(word.text[1]));
      if (number) {
        word.kind = Kind::kNumber;
      } else {
        word.kind = c == '$' ? Kind::kVariable : c == '.' ? Kind::kField : Kind::kIdentifier;
      }
    } else {
      return TakeSymbol();
    }
    word.length = at_ - begin;
    ExpectBorder(begin);
    return word;
  }

  /// A sign within a number: `1e-3`.
  bool InExponent() const {
    const char before = text_[at_ - 1];
    return (text_[at_] == '+' || text_[at_] == '-') && (before == 'e' || before == 'E') &&
           at_ >= 2 && (IsDigit(text_[at_ - 2]) || text_[at_ - 2] == '.');
  }

  std::string TakeString() {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote)
      at_ += quote == '"' && text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    try {
      return Lex(text_.substr(begin, at_ - begin)).front().text;
    } catch (const ExpressionError& error) {
      throw ExpressionError{begin + error.offset, error.what, error.mend};
    }
  }

  TemplateWord TakeSymbol() {
    const std::size_t begin = at_;
    const std::size_t length = Rest(at_).starts_with(":=") ? 2 : 1;
    const std::string symbol(text_.substr(begin, length));
    if (length == 1 && std::string_view("()|=,").find(symbol) == std::string_view::npos) {
      throw ExpressionError{begin, "'" + Shown(begin) + "' begins nothing that a template holds",
                            symbol == "'" ? "Write a text in double quotes" : "Remove it"};
    }
    at_ += length;
    if (symbol == ")") ExpectBorder(begin);
    return {TemplateWord::Kind::kSymbol, symbol, begin, length};
  }

  /// What stands next must not be able to belong to the word before.
  void ExpectBorder(std::size_t begin) const {
    const std::string_view rest = Rest(at_);
    if (rest.empty() || IsBlank(rest.front()) || rest.starts_with("}}") ||
        std::string_view("|),:=").find(rest.front()) != std::string_view::npos) {
      return;
    }
    throw ExpressionError{at_,
                          "'" + Shown(at_) + "' follows '" +
                              std::string(text_.substr(begin, at_ - begin)) + "' at once",
                          "Put a blank between them"};
  }

  /// The whole character at `at`.
  std::string Shown(std::size_t at) const {
    std::size_t end = at + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xc0U) == 0x80U) ++end;
    return std::string(text_.substr(at, end - at));
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  bool trim_next_ = false;
  std::vector<TemplatePiece> pieces_;
};

}  // namespace

std::vector<TemplatePiece> LexTemplate(std::string_view text) { return Lexer(text).Run(); }

}  // namespace fleet_edge::rules
