#include "rules/label_template.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/go_format.h"
#include "rules/lexer.h"
#include "rules/token.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr const char* kSupported =
    "Write {{ $value }}, {{ $labels.name }}, or {{ printf \"%.1f\" $value }}";

/// The words between `{{` and `}}`; strings whole and without their quotes.
std::vector<Token> Words(std::string_view action, std::size_t offset) {
  std::vector<Token> words;
  std::size_t at = action.find_first_not_of(kBlank);
  while (at < action.size()) {
    const char c = action[at];
    std::size_t end = at + 1;
    Token word{Token::Kind::kIdentifier, {}, offset + at, 0};
    if (c == '"' || c == '`') {
      while (end < action.size() && action[end] != c)
        end += c == '"' && action[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, action.size());
      word.kind = Token::Kind::kString;
      try {
        word.text = Lex(action.substr(at, end - at)).front().text;
      } catch (const ExpressionError& error) {
        throw ExpressionError{offset + at + error.offset, error.what, error.mend};
      }
    } else {
      if (c != '|') end = std::min(action.find_first_of(" \t\r\n|\"`", at), action.size());
      word.text = action.substr(at, end - at);
    }
    words.push_back(std::move(word));
    at = action.find_first_not_of(kBlank, end);
  }
  return words;
}

/// `printf FORMAT OPERAND` or `OPERAND | printf FORMAT` or `OPERAND`: the format and the operand,
/// null when it is none of them.
struct Action {
  const Token* operand = nullptr;
  const Token* format = nullptr;
};

Action Sort(const std::vector<Token>& words) {
  const auto is = [&](std::size_t i, std::string_view text) {
    return i < words.size() && words[i].kind == Token::Kind::kIdentifier && words[i].text == text;
  };
  const auto is_string = [&](std::size_t i) {
    return i < words.size() && words[i].kind == Token::Kind::kString;
  };
  if (words.size() == 1 && !is_string(0)) return {words.data(), nullptr};
  if (words.size() == 3 && is(0, "printf") && is_string(1) && !is_string(2))
    return {&words[2], &words[1]};
  if (words.size() == 4 && is(1, "|") && is(2, "printf") && is_string(3) && !is_string(0)) {
    return {words.data(), &words[3]};
  }
  return {};
}

/// The first word that no supported action holds, to name it.
const Token& Foreign(const std::vector<Token>& words) {
  const auto found = std::ranges::find_if(words, [](const Token& word) {
    return word.kind == Token::Kind::kIdentifier && word.text != "printf" && word.text != "|" &&
           !word.text.starts_with('$') && !word.text.starts_with('.');
  });
  return found == words.end() ? words.front() : *found;
}

}  // namespace

LabelTemplate LabelTemplate::Parse(std::string_view text) {
  LabelTemplate result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find("{{", at), text.size());
    if (open > at) result.pieces_.push_back({.text = std::string(text.substr(at, open - at))});
    if (open == text.size()) break;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) {
      throw ExpressionError{open, "'{{' has no '}}'", "Close it"};
    }
    result.pieces_.push_back(ParseAction(text.substr(open + 2, close - open - 2), open + 2));
    at = close + 2;
  }
  return result;
}

LabelTemplate::Piece LabelTemplate::ParseAction(std::string_view action, std::size_t offset) {
  const std::vector<Token> words = Words(action, offset);
  if (words.empty()) throw ExpressionError{offset, "'{{ }}' says nothing", kSupported};
  const auto [operand, format] = Sort(words);
  if (operand == nullptr) {
    const Token& foreign = Foreign(words);
    throw ExpressionError{foreign.offset,
                          "'" + foreign.text + "' in a template is not supported here", kSupported};
  }
  Piece piece = ParseOperand(operand->text, operand->offset);
  if (format == nullptr) return piece;
  const bool number = piece.kind == Piece::Kind::kValue;
  piece.format =
      GoFormat::Parse(format->text, number ? GoFormat::Takes::kNumber : GoFormat::Takes::kText);
  if (!piece.format) {
    throw ExpressionError{format->offset, "format '" + format->text + "' does not print this",
                          number ? "Use one of %f %.1f %e %g %v" : "Use %s or %v"};
  }
  return piece;
}

LabelTemplate::Piece LabelTemplate::ParseOperand(std::string_view word, std::size_t offset) {
  if (word == "$value" || word == ".Value") return {.kind = Piece::Kind::kValue};
  for (const std::string_view prefix : {"$labels.", ".Labels."}) {
    if (!word.starts_with(prefix)) continue;
    const std::string_view name = word.substr(prefix.size());
    if (!IsLabelName(name)) break;
    return {.kind = Piece::Kind::kLabel, .text = std::string(name)};
  }
  throw ExpressionError{offset, "'" + std::string(word) + "' in a template is not supported",
                        kSupported};
}

std::string LabelTemplate::Expand(double value, const Labels& labels) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    switch (piece.kind) {
      case Piece::Kind::kText:
        text += piece.text;
        break;
      case Piece::Kind::kValue:
        text += piece.format ? piece.format->Apply(value) : ToGoText(value);
        break;
      case Piece::Kind::kLabel:
        text += piece.format ? piece.format->Apply(labels.Get(piece.text))
                             : std::string(labels.Get(piece.text));
        break;
    }
  }
  return text;
}

}  // namespace fleet_edge::rules
