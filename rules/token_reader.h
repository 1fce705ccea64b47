#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/token.h"

namespace fleet_edge::rules {

/// Walks over an expression's tokens. All that refuse throw ExpressionError at the next token.
class TokenReader {
 public:
  /// At most 2,000 tokens, which also bounds how high the tree of a long chain of operators grows.
  explicit TokenReader(std::string_view text);

  const Token& Next() const { return tokens_[at_]; }

  /// The end is never passed.
  const Token& Take() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }

  bool AtEnd() const { return Next().kind == Token::Kind::kEnd; }

  /// Words are compared without regard to case.
  bool NextIsWord(std::string_view word) const;
  bool NextIs(std::string_view op) const { return Next().Is(op); }

  /// True when the token behind the next one is `op`.
  bool FollowedBy(std::string_view op) const;
  bool FollowedByWord(std::string_view word) const;

  bool TakeWord(std::string_view word);
  bool TakeOperator(std::string_view op);

  /// `where` ends the sentence "expected ')' …".
  void Expect(std::string_view op, std::string_view where);

  /// `(zone, axle)`, sorted, each once.
  std::vector<std::string> TakeLabelNames();

  [[noreturn]] void Refuse(std::string what, std::string mend) const;

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

/// `text` with A–Z as a–z.
std::string Lower(std::string_view text);

/// As messages show it: `'sum'`, `a string`, `the end`.
std::string Show(const Token& token);

}  // namespace fleet_edge::rules
