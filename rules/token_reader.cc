#include "rules/token_reader.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/lexer.h"
#include "rules/token.h"

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kMostTokens = 2'000;

bool IsWord(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::kIdentifier && Lower(token.text) == word;
}

}  // namespace

TokenReader::TokenReader(std::string_view text) : tokens_(Lex(text)) {
  if (tokens_.size() <= kMostTokens) return;
  throw ExpressionError{tokens_[kMostTokens].offset,
                        "the expression is longer than 2000 words and signs",
                        "Record a part of it by a rule of its own"};
}

bool TokenReader::NextIsWord(std::string_view word) const { return IsWord(Next(), word); }

bool TokenReader::FollowedBy(std::string_view op) const {
  return at_ + 1 < tokens_.size() && tokens_[at_ + 1].Is(op);
}

bool TokenReader::FollowedByWord(std::string_view word) const {
  return at_ + 1 < tokens_.size() && IsWord(tokens_[at_ + 1], word);
}

bool TokenReader::TakeWord(std::string_view word) {
  if (!NextIsWord(word)) return false;
  Take();
  return true;
}

bool TokenReader::TakeOperator(std::string_view op) {
  if (!NextIs(op)) return false;
  Take();
  return true;
}

void TokenReader::Expect(std::string_view op, std::string_view where) {
  if (TakeOperator(op)) return;
  const std::string sign = "'" + std::string(op) + "'";
  Refuse("expected " + sign + " " + std::string(where) + ", got " + Show(Next()),
         "Write " + sign + " here");
}

std::vector<std::string> TokenReader::TakeLabelNames() {
  Expect("(", "before label names");
  std::vector<std::string> names;
  while (!NextIs(")")) {
    if (Next().kind == Token::Kind::kString) {
      Refuse("label names in quotes are not supported", "Write the name without quotes");
    }
    if (Next().kind != Token::Kind::kIdentifier || !IsLabelName(Next().text)) {
      Refuse("expected a label's name, got " + Show(Next()), "Write names like (zone, axle)");
    }
    names.push_back(Take().text);
    if (!TakeOperator(",")) break;
  }
  Expect(")", "after label names");
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

void TokenReader::Refuse(std::string what, std::string mend) const {
  throw ExpressionError{Next().offset, std::move(what), std::move(mend)};
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string Show(const Token& token) {
  if (token.kind == Token::Kind::kEnd) return "the end";
  if (token.kind == Token::Kind::kString) return "a string";
  return "'" + token.text + "'";
}

}  // namespace fleet_edge::rules
