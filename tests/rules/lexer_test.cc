#include "rules/lexer.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/expression_error.h"
#include "rules/token.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

Texts TextsOf(std::string_view text) {
  Texts texts;
  for (const Token& token : Lex(text)) texts.push_back(token.text);
  texts.pop_back();  // the end
  return texts;
}

std::size_t ErrorOffset(std::string_view text) {
  try {
    Lex(text);
  } catch (const ExpressionError& error) {
    return error.offset;
  }
  return std::string::npos;
}

}  // namespace

TEST_CASE("Lexer: names, numbers, durations and signs come apart without blanks") {
  CHECK(TextsOf("a:b_1[1h30m]>=1_000.5e-3+0x1F") ==
        Texts{"a:b_1", "[", "1h30m", "]", ">=", "1_000.5e-3", "+", "0x1F"});
  CHECK(TextsOf("x{a=~\"b\",c!=`d`}") == Texts{"x", "{", "a", "=~", "b", ",", "c", "!=", "d", "}"});
}

TEST_CASE("Lexer: blanks and comments say nothing") {
  CHECK(TextsOf(" a # b\n + c#") == Texts{"a", "+", "c"});
  CHECK(TextsOf("# all of it").empty());
}

TEST_CASE("Lexer: a number with a unit is a duration") {
  CHECK(Lex("10").front().kind == Token::Kind::kNumber);
  CHECK(Lex("10s").front().kind == Token::Kind::kDuration);
  CHECK(Lex("1e3").front().kind == Token::Kind::kNumber);
  CHECK(Lex("0x1e").front().kind == Token::Kind::kNumber);
}

TEST_CASE("Lexer: strings resolve Go's escapes, raw ones none") {
  CHECK(TextsOf(R"("a\"b\\\n\t\x41\101\u00e4\U0001F600")") ==
        Texts{"a\"b\\\n\tAA\u00e4\U0001F600"});
  CHECK(TextsOf(R"('it\'s')") == Texts{"it's"});
  CHECK(TextsOf(R"(`a\n`)") == Texts{R"(a\n)"});
}

TEST_CASE("Lexer: an error points at the character that begins no token") {
  CHECK(ErrorOffset("a + $b") == 4);
  CHECK(ErrorOffset("a + \"b") == 4);
  CHECK(ErrorOffset("\"a\nb\"") == 0);
  CHECK(ErrorOffset("\"ab\\q\"") == 3);
  CHECK(ErrorOffset("\"\\xg0\"") == 1);
  CHECK(ErrorOffset("\"\\'\"") == 1);
  CHECK(ErrorOffset("\"\\ud800\"") == 1);
  CHECK(ErrorOffset("\"\\U00110000\"") == 1);
  CHECK(ErrorOffset("0x1fz") == 0);
  CHECK(ErrorOffset("a ! b") == 2);
}

TEST_CASE("Lexer: tokens know where they stand") {
  const std::vector<Token> tokens = Lex("  ab + \"c\"");
  CHECK(tokens[0].offset == 2);
  CHECK(tokens[0].end == 4);
  CHECK(tokens[1].offset == 5);
  CHECK(tokens[2].offset == 7);
  CHECK(tokens[3].kind == Token::Kind::kEnd);
  CHECK(tokens[3].offset == 10);
}

}  // namespace fleet_edge::rules
