#include "drivers/can/dbc_lexer.h"

#include <cstddef>
#include <string_view>

namespace fleet_edge::drivers {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// How long the number is that `text` begins with; 0 when it begins with none.
std::size_t NumberLength(std::string_view text) {
  const auto at = [&](std::size_t place) { return place < text.size() ? text[place] : '\0'; };
  std::size_t end = at(0) == '+' || at(0) == '-' ? 1 : 0;
  if (!IsDigit(at(end)) && (at(end) != '.' || !IsDigit(at(end + 1)))) return 0;
  while (IsDigit(at(end))) ++end;
  if (at(end) == '.') ++end;
  while (IsDigit(at(end))) ++end;
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t digits = at(end + 1) == '+' || at(end + 1) == '-' ? end + 2 : end + 1;
    if (IsDigit(at(digits))) end = digits;
    while (IsDigit(at(end))) ++end;
  }
  return end;
}

}  // namespace

void DbcLexer::Advance() {
  ++position_.column;
  if (text_[at_++] == '\n') {
    ++position_.line;
    position_.column = 1;
    first_ = true;
  }
}

void DbcLexer::SkipBlanks() {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  while (at_ < text_.size() && kBlanks.find(text_[at_]) != std::string_view::npos) Advance();
}

DbcToken DbcLexer::Next() {
  SkipBlanks();
  DbcToken token{.kind = DbcToken::Kind::kEnd, .text = {}, .position = position_, .first = first_};
  if (at_ == text_.size()) return token;
  first_ = false;
  const char c = text_[at_];
  if (c == '"') return String(token);
  std::size_t length = 1;
  if (IsLetter(c)) {
    token.kind = DbcToken::Kind::kName;
    while (IsLetter(At(at_ + length)) || IsDigit(At(at_ + length))) ++length;
  } else if (const std::size_t number = NumberLength(text_.substr(at_)); number > 0) {
    token.kind = DbcToken::Kind::kNumber;
    length = number;
  } else {
    token.kind = DbcToken::Kind::kMark;
  }
  token.text = text_.substr(at_, length);
  for (; length > 0; --length) Advance();
  return token;
}

DbcToken DbcLexer::String(DbcToken token) {
  Advance();
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != '"') {
    const bool escapes = text_[at_] == '\\';
    Advance();
    if (escapes && at_ < text_.size()) Advance();
  }
  token.text = text_.substr(begin, at_ - begin);
  token.kind = at_ < text_.size() ? DbcToken::Kind::kString : DbcToken::Kind::kUnclosed;
  if (at_ < text_.size()) Advance();
  first_ = false;
  return token;
}

}  // namespace fleet_edge::drivers
