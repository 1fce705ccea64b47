#include "rules/lexer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/expression_error.h"
#include "rules/token.h"

namespace fleet_edge::rules {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string Show(char c) {
  if (c > ' ' && c <= '~') return std::string("'") + c + "'";
  static constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("byte 0x") + kHex[byte >> 4U] + kHex[byte & 0xfU];
}

void AppendUtf8(std::string& out, unsigned long code) {
  const auto continuation = [&](int shift) {
    out += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    continuation(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> Run() {
    std::vector<Token> tokens;
    do {
      SkipBlank();
      Token token;
      token.offset = at_;
      if (at_ < text_.size()) Take(token);
      token.end = at_;
      tokens.push_back(std::move(token));
    } while (tokens.back().kind != Token::Kind::kEnd);
    return tokens;
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void SkipBlank() {
    while (at_ < text_.size() && (IsSpace(Peek()) || Peek() == '#')) {
      if (Peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        ++at_;
      }
    }
  }

  void Take(Token& token) {
    const char c = Peek();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) {
      TakeNumber(token);
    } else if (IsLetter(c) || c == ':') {
      TakeIdentifier(token);
    } else if (c == '"' || c == '\'' || c == '`') {
      TakeString(token);
    } else {
      TakeOperator(token);
    }
  }

  /// A number, or a duration when a unit follows the digits.
  void TakeNumber(Token& token) {
    const std::size_t begin = at_;
    const bool hex = Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X');
    if (hex) {
      at_ += 2;
      while (IsHexDigit(Peek()) || Peek() == '_') ++at_;
    } else {
      while (IsDigit(Peek()) || Peek() == '_' || Peek() == '.') ++at_;
      SkipExponent();
    }
    token.kind = Token::Kind::kNumber;
    if (!hex && IsLetter(Peek())) {
      token.kind = Token::Kind::kDuration;
      while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
    }
    token.text = text_.substr(begin, at_ - begin);
    if (hex && IsLetter(Peek())) {
      throw ExpressionError{begin, "'" + token.text + Peek() + "' is no number",
                            "Write 42, 1.5, 1e3, 0x1f or a duration like 10s"};
    }
  }

  void SkipExponent() {
    if (Peek() != 'e' && Peek() != 'E') return;
    const std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
    if (!IsDigit(Peek(1 + sign))) return;
    at_ += 1 + sign;
    while (IsDigit(Peek()) || Peek() == '_') ++at_;
  }

  void TakeIdentifier(Token& token) {
    const std::size_t begin = at_;
    while (IsLetter(Peek()) || IsDigit(Peek()) || Peek() == ':') ++at_;
    token.kind = Token::Kind::kIdentifier;
    token.text = text_.substr(begin, at_ - begin);
  }

  void TakeString(Token& token) {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    token.kind = Token::Kind::kString;
    while (at_ < text_.size() && Peek() != quote) {
      if (Peek() == '\n' && quote != '`') break;
      if (Peek() == '\\' && quote != '`') {
        TakeEscape(quote, token.text);
      } else {
        token.text += text_[at_++];
      }
    }
    if (Peek() != quote || at_ >= text_.size()) {
      throw ExpressionError{begin, "the string that begins here has no end",
                            std::string("Close it with ") + quote};
    }
    ++at_;
  }

  void TakeEscape(char quote, std::string& out) {
    static constexpr std::string_view kNames = "abfnrtv\\";
    static constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\";
    const std::size_t begin = at_++;
    const char c = Peek();
    if (c == quote) {
      out += text_[at_++];
      return;
    }
    if (const std::size_t known = kNames.find(c); c != '\0' && known != std::string_view::npos) {
      out += kValues[known];
      ++at_;
      return;
    }
    switch (c) {
      case 'x':
        out += static_cast<char>(TakeCode(begin, 1, 2, 16));
        break;
      case 'u':
        AppendUtf8(out, TakeCode(begin, 1, 4, 16));
        break;
      case 'U':
        AppendUtf8(out, TakeCode(begin, 1, 8, 16));
        break;
      default:
        out += static_cast<char>(TakeCode(begin, 0, 3, 8));
    }
  }

  /// Reads exactly `digits` of `base` after `skip` characters.
  unsigned long TakeCode(std::size_t begin, std::size_t skip, std::size_t digits, int base) {
    at_ += skip;
    const std::string code(text_.substr(at_, digits));
    const std::string_view allowed =
        std::string_view("0123456789abcdefABCDEF").substr(0, base == 8 ? 8 : 22);
    const unsigned long limit = digits == 8 ? 0x10ffff : digits == 3 ? 0xff : 0xffff;
    if (code.size() == digits && code.find_first_not_of(allowed) == std::string::npos) {
      at_ += digits;
      const unsigned long value = std::stoul(code, nullptr, base);
      const bool surrogate = value >= 0xd800 && value < 0xe000;
      if (value <= limit && !surrogate) return value;
    }
    throw ExpressionError{begin, "an escape that is not known",
                          "Write a backslash as \\\\, or use `raw` quotes"};
  }

  void TakeOperator(Token& token) {
    static constexpr std::array<std::string_view, 24> kOperators{
        "==", "!=", "=~", "!~", "<=", ">=", "</", ">/", "+", "-", "*", "/",
        "%",  "^",  "=",  "<",  ">",  "(",  ")",  "{",  "}", "[", "]", ","};
    token.kind = Token::Kind::kOperator;
    for (const std::string_view op : kOperators) {
      if (!text_.substr(at_).starts_with(op)) continue;
      token.text = op;
      at_ += op.size();
      return;
    }
    if (Peek() == '@') {
      token.text = text_.substr(at_++, 1);
      return;
    }
    throw ExpressionError{at_, Show(Peek()) + " begins nothing that an expression holds",
                          "Remove it, or put it into quotes"};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> Lex(std::string_view text) { return Lexer(text).Run(); }

}  // namespace fleet_edge::rules
