#include "drivers/can/dbc_words.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostic.h"
#include "drivers/can/dbc_lexer.h"
#include "drivers/io/latin1.h"
#include "drivers/number.h"

namespace fleet_edge::drivers {

void DbcWords::Next() {
  const bool behind = token_.Is(";");
  token_ = lexer_.Next();
  token_.first = token_.first || behind;
}

void DbcWords::Add(Diagnostic::Severity severity, Position position, std::string what,
                   std::string mend) {
  diagnostics_.push_back({file_, position, severity, std::move(what), std::move(mend)});
}

bool DbcWords::Fail(Position position, std::string what, std::string mend) {
  if (errors_++ < kMaxFindings) {
    Add(Diagnostic::Severity::kError, position, std::move(what), std::move(mend));
  }
  return false;
}

void DbcWords::Warn(Position position, std::string what, std::string mend) {
  if (warnings_ == kMaxFindings) untold_ = position;
  if (warnings_++ < kMaxFindings) {
    Add(Diagnostic::Severity::kWarning, position, std::move(what), std::move(mend));
  }
}

void DbcWords::TellRest() {
  if (warnings_ <= kMaxFindings) return;
  Add(Diagnostic::Severity::kWarning, untold_,
      "warnings from here on that are not listed: " + std::to_string(warnings_ - kMaxFindings),
      "Mend those that are");
}

bool DbcWords::Expected(std::string_view what) {
  std::string found = "'" + std::string(token_.text) + "'";
  if (token_.kind == DbcToken::Kind::kEnd) found = "the file's end";
  if (token_.kind == DbcToken::Kind::kUnclosed) found = "a string without its closing quote";
  return Fail(token_.position, "expected " + std::string(what) + ", found " + found,
              "Its form: " + std::string(form_));
}

bool DbcWords::Mark(char mark) {
  const std::string_view text(&mark, 1);
  if (!token_.Is(text)) return Expected("'" + std::string(text) + "'");
  Next();
  return true;
}

bool DbcWords::Name(std::string& name, std::string_view what) {
  if (token_.kind != DbcToken::Kind::kName) return Expected(what);
  name = token_.text;
  Next();
  return true;
}

bool DbcWords::Text(std::string& text, std::string_view what) {
  if (token_.kind != DbcToken::Kind::kString) return Expected(what);
  text = Utf8OfLatin1(token_.text);
  Next();
  return true;
}

bool DbcWords::Real(double& number, std::string_view what) {
  const auto read =
      token_.kind == DbcToken::Kind::kNumber ? ParseNumber(token_.text) : std::nullopt;
  if (!read) return Expected(what);
  number = *read;
  Next();
  return true;
}

void DbcWords::Dash() {
  if (token_.Is("-")) {
    Next();
  } else if (token_.kind == DbcToken::Kind::kNumber && token_.text.starts_with('-')) {
    token_.text.remove_prefix(1);
  }
}

}  // namespace fleet_edge::drivers
