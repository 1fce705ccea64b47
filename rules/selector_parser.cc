#include "rules/selector_parser.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/labels.h"
#include "core/time.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/label_pool.h"
#include "rules/number.h"
#include "rules/pattern.h"
#include "rules/promql_duration.h"
#include "rules/selector.h"
#include "rules/token.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {
namespace {

constexpr Duration kLongestRange = std::chrono::hours{24 * 366};

Matcher::Op TakeMatcherOp(TokenReader& reader) {
  if (reader.TakeOperator("=")) return Matcher::Op::kEqual;
  if (reader.TakeOperator("!=")) return Matcher::Op::kNotEqual;
  if (reader.TakeOperator("=~")) return Matcher::Op::kMatch;
  if (reader.TakeOperator("!~")) return Matcher::Op::kNotMatch;
  reader.Refuse("expected one of = != =~ !~ after the label's name, got " + Show(reader.Next()),
                "Write a matcher like zone=\"1\"");
}

Matcher TakeMatcher(TokenReader& reader) {
  if (reader.Next().kind == Token::Kind::kString) {
    reader.Refuse("names in quotes are not supported",
                  "Write the name without quotes, before the '{'");
  }
  if (reader.Next().kind != Token::Kind::kIdentifier || !IsLabelName(reader.Next().text)) {
    reader.Refuse("expected a label's name, got " + Show(reader.Next()),
                  "Write a matcher like zone=\"1\"");
  }
  Matcher matcher;
  matcher.name = reader.Take().text;
  matcher.op = TakeMatcherOp(reader);
  if (reader.Next().kind != Token::Kind::kString) {
    reader.Refuse("expected the label's value in quotes, got " + Show(reader.Next()),
                  "Write a matcher like zone=\"1\"");
  }
  matcher.value = reader.Next().text;
  if (matcher.op == Matcher::Op::kMatch || matcher.op == Matcher::Op::kNotMatch) {
    std::string why;
    std::optional<Pattern> pattern = Pattern::Compile(matcher.value, why);
    if (!pattern) {
      reader.Refuse("the regular expression " + why,
                    "Write it in RE2's syntax: no back references, no look-ahead");
    }
    matcher.pattern = std::move(pattern);
  }
  reader.Take();
  return matcher;
}

void TakeMatchers(TokenReader& reader, Selector& selector) {
  while (!reader.NextIs("}")) {
    const bool named = !selector.matchers.empty() && selector.matchers.front().name == kNameLabel;
    const std::size_t offset = reader.Next().offset;
    Matcher matcher = TakeMatcher(reader);
    if (named && matcher.name == kNameLabel && !selector.name().empty()) {
      throw ExpressionError{offset, "the metric's name is given twice", "Remove one of them"};
    }
    selector.matchers.push_back(std::move(matcher));
    if (!reader.TakeOperator(",")) break;
  }
  reader.Expect("}", "after the matchers");
}

/// What the next token says as a duration or as a number of seconds, up to kLongestRange.
std::optional<Duration> ReadDuration(TokenReader& reader) {
  reader.TakeOperator("+");
  const Token& token = reader.Next();
  std::optional<Duration> duration;
  if (token.kind == Token::Kind::kDuration) {
    duration = ParsePromQlDuration(token.text);
  } else if (token.kind == Token::Kind::kNumber) {
    const std::optional<double> seconds = ParseNumber(token.text);
    if (seconds && *seconds <= ToSeconds(kLongestRange))
      duration = Duration{std::llround(*seconds * 1e6)};
  }
  if (duration && *duration > kLongestRange) duration.reset();
  return duration;
}

/// The range behind '['.
Duration TakeRange(TokenReader& reader) {
  const std::optional<Duration> range = ReadDuration(reader);
  if (!range || *range <= Duration{0}) {
    reader.Refuse("expected a range, got " + Show(reader.Next()),
                  "Write a duration like 10s or 1h30m, up to 366d");
  }
  reader.Take();
  if (reader.Next().kind == Token::Kind::kIdentifier && reader.Next().text.starts_with(':')) {
    reader.Refuse("subqueries are not supported",
                  "Record the inner expression by a rule of its own and take [range] of that");
  }
  if (!reader.NextIs("]")) {
    reader.Refuse("expected ']' after the range, got " + Show(reader.Next()),
                  "Write one duration between '[' and ']'");
  }
  reader.Take();
  return *range;
}

/// `offset 5m`, if it is there. Refuses modifiers that follow it.
Duration TakeOffset(TokenReader& reader) {
  RefuseModifiers(reader);
  if (!reader.TakeWord("offset")) return {};
  if (reader.NextIs("-")) {
    reader.Refuse("a negative offset is not supported: the future is not known yet",
                  "Write a positive one, or give the other selectors an offset");
  }
  const std::optional<Duration> offset = ReadDuration(reader);
  if (!offset) {
    reader.Refuse("expected a duration after 'offset', got " + Show(reader.Next()),
                  "Write a duration like 10s or 1h30m, up to 366d");
  }
  reader.Take();
  RefuseModifiers(reader);
  if (reader.NextIsWord("offset")) reader.Refuse("'offset' is given twice", "Remove one of them");
  return *offset;
}

}  // namespace

void RefuseModifiers(const TokenReader& reader) {
  static constexpr std::array<std::string_view, 2> kWords{"smoothed", "anchored"};
  const bool word =
      std::ranges::any_of(kWords, [&](std::string_view name) { return reader.NextIsWord(name); });
  if (!word && !reader.NextIs("@")) return;
  reader.Refuse("modifier '" + Lower(reader.Next().text) + "' is not supported",
                "A range like [1m] is the nearest: it reaches back from the instant");
}

void RefuseOffset(const TokenReader& reader) {
  if (!reader.NextIsWord("offset")) return;
  reader.Refuse("'offset' follows what is no selector", "Write it right behind the selector");
}

ExprPtr ParseSelector(TokenReader& reader) {
  const std::size_t offset = reader.Next().offset;
  Selector selector;
  if (reader.Next().kind == Token::Kind::kIdentifier) {
    selector.matchers.push_back({.name = std::string(kNameLabel), .value = reader.Take().text});
  }
  if (reader.TakeOperator("{")) TakeMatchers(reader, selector);
  if (std::ranges::all_of(selector.matchers,
                          [](const Matcher& matcher) { return matcher.Matches(""); })) {
    throw ExpressionError{offset, "the selector asks for every series",
                          "Name a metric, or give one matcher that an empty label does not meet"};
  }
  RefuseModifiers(reader);
  auto expr = std::make_unique<Expr>();
  expr->offset = offset;
  if (reader.TakeOperator("[")) {
    const Duration range = TakeRange(reader);
    expr->node = RangeSelector{std::move(selector), range, TakeOffset(reader)};
    if (reader.NextIs("[")) reader.Refuse("subqueries are not supported", "Write one range");
  } else {
    expr->node = VectorSelector{std::move(selector), TakeOffset(reader)};
    if (reader.NextIs("["))
      reader.Refuse("a range behind 'offset'", "Write the range first: a[5m] offset 1m");
  }
  return expr;
}

}  // namespace fleet_edge::rules
