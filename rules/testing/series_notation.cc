#include "rules/testing/series_notation.h"

#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/label_pool.h"
#include "rules/number.h"
#include "rules/token.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {
namespace {

constexpr const char* kValuesMend = "Write values apart by spaces, like 1 2 _ 0+10x5 stale NaN";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Walks over the text of the values.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : text_(text) {}

  std::vector<ValueRun> ReadAll() {
    std::vector<ValueRun> runs;
    SkipSpaces();
    while (at_ < text_.size()) {
      runs.push_back(ReadRun());
      if (at_ < text_.size() && !IsSpace(text_[at_])) Refuse(at_);
      SkipSpaces();
    }
    return runs;
  }

 private:
  ValueRun ReadRun() {
    if (text_.substr(at_).starts_with("{{")) {
      throw ExpressionError{at_, "histograms are not supported",
                            "Write plain numbers: the engine knows no other samples"};
    }
    ValueRun run;
    if (Take('_')) {
      run.kind = ValueRun::Kind::kMissing;
      if (Take('x')) run.count = ReadCount();
      return run;
    }
    const char sign = TakeSign();
    if (sign == 0 && TakeWord("stale")) {
      run.kind = ValueRun::Kind::kStale;
    } else {
      run.first = ReadNumber(sign);
      if (const char step_sign = TakeSign(); step_sign != 0) {
        run.step = ReadNumber(step_sign);
        if (at_ == text_.size() || text_[at_] != 'x') {
          throw ExpressionError{at_, "the step is not repeated",
                                "Say how often it is taken, like 0+10x5"};
        }
      }
    }
    // As promtool has it: the first value, and as many more.
    if (Take('x')) run.count = ReadCount() + 1;
    return run;
  }

  double ReadNumber(char sign) {
    const std::size_t begin = at_;
    std::optional<double> number;
    if (at_ < text_.size() && IsLetter(text_[at_])) {
      if (TakeWord("nan")) number = std::numeric_limits<double>::quiet_NaN();
      if (TakeWord("inf")) number = std::numeric_limits<double>::infinity();
    } else {
      SkipNumber();
      number = ParseNumber(text_.substr(begin, at_ - begin));
    }
    if (!number) Refuse(begin);
    return sign == '-' ? -*number : *number;
  }

  std::uint64_t ReadCount() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    std::uint32_t count = 0;
    const char* const end = text_.data() + at_;
    const auto [stop, error] = std::from_chars(text_.data() + begin, end, count);
    if (error == std::errc::result_out_of_range) {
      throw ExpressionError{begin, "more values than any test has time for",
                            "Repeat less than four billion times"};
    }
    if (error != std::errc{} || stop != end) {
      throw ExpressionError{begin, "expected how often after 'x', got " + ShowAt(begin),
                            "Write a whole number, like 0+10x5"};
    }
    return count;
  }

  void SkipNumber() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool exponent = c == 'e' || c == 'E';
      if (!IsDigit(c) && c != '.' && c != '_' && !exponent) break;
      ++at_;
      if (exponent && at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    }
  }

  char TakeSign() { return Take('-') ? '-' : Take('+') ? '+' : '\0'; }

  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// `word` in whatever case, and nothing else that makes a longer word.
  bool TakeWord(std::string_view word) {
    std::size_t end = at_;
    while (end < text_.size() && (IsLetter(text_[end]) || IsDigit(text_[end]))) ++end;
    if (Lower(text_.substr(at_, end - at_)) != word) return false;
    at_ = end;
    return true;
  }

  void SkipSpaces() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  /// As messages show it: the word at `offset`.
  std::string ShowAt(std::size_t offset) const {
    std::size_t end = offset;
    while (end < text_.size() && !IsSpace(text_[end]) && end - offset < 40) ++end;
    return end == offset ? "the end" : "'" + std::string(text_.substr(offset, end - offset)) + "'";
  }

  [[noreturn]] void Refuse(std::size_t offset) const {
    throw ExpressionError{offset, "expected a number, _ or stale, got " + ShowAt(offset),
                          kValuesMend};
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

void TakeLabel(TokenReader& reader, Labels& labels) {
  if (reader.Next().kind == Token::Kind::kString) {
    reader.Refuse("names in quotes are not supported",
                  "Write the name without quotes, before the '{'");
  }
  if (reader.Next().kind != Token::Kind::kIdentifier || !IsLabelName(reader.Next().text)) {
    reader.Refuse("expected a label's name, got " + Show(reader.Next()),
                  "Write labels like zone=\"1\"");
  }
  const std::string name = reader.Take().text;
  if (!reader.TakeOperator("=")) {
    reader.Refuse("expected '=' after the label's name, got " + Show(reader.Next()),
                  "Write labels like zone=\"1\"");
  }
  if (reader.Next().kind != Token::Kind::kString) {
    reader.Refuse("expected the label's value in quotes, got " + Show(reader.Next()),
                  "Write labels like zone=\"1\"");
  }
  labels.Set(name, reader.Take().text);
}

}  // namespace

std::vector<ValueRun> ParseValues(std::string_view text) { return ValueReader(text).ReadAll(); }

std::optional<ValueCursor::Value> ValueCursor::Next() {
  while (run_ < runs_->size() && taken_ == (*runs_)[run_].count) {
    ++run_;
    taken_ = 0;
  }
  if (run_ == runs_->size()) return std::nullopt;
  const ValueRun& run = (*runs_)[run_];
  number_ = taken_ == 0 ? run.first : number_ + run.step;
  ++taken_;
  return Value{run.kind, number_};
}

Labels ParseMetric(std::string_view text) {
  TokenReader reader(text);
  Labels labels;
  std::string name;
  if (reader.Next().kind == Token::Kind::kIdentifier) name = reader.Take().text;
  if (reader.TakeOperator("{")) {
    while (!reader.NextIs("}")) {
      TakeLabel(reader, labels);
      if (!reader.TakeOperator(",")) break;
    }
    reader.Expect("}", "after the labels");
  }
  if (!name.empty()) labels.Set(kNameLabel, name);
  if (!reader.AtEnd()) {
    reader.Refuse("expected the end of the series, got " + Show(reader.Next()),
                  "Write a series like cargo_celsius{zone=\"1\"}");
  }
  return labels;
}

}  // namespace fleet_edge::rules
