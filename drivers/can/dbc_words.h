#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "drivers/can/dbc_lexer.h"
#include "drivers/number.h"

namespace fleet_edge::drivers {

/// Reads a DBC file word by word, as the form of a statement demands, and tells what is not as it
/// should be. The functions that read one part return false when they have told a finding.
///
/// One thread; borrows all it is given.
class DbcWords {
 public:
  /// Errors that are told, after which reading ends: what comes behind them is most often their
  /// consequence. As many warnings are told one by one; reading goes on.
  static constexpr std::size_t kMaxFindings = 20;

  DbcWords(std::string_view text, const std::string& file, Diagnostics& diagnostics)
      : lexer_(text), file_(file), diagnostics_(diagnostics) {
    Next();
  }

  const DbcToken& token() const { return token_; }
  bool at_end() const { return token_.kind == DbcToken::Kind::kEnd || errors_ >= kMaxFindings; }
  void Next();

  /// An example of the statement that is read, for findings. Lives as long as this.
  void set_form(std::string_view form) { form_ = form; }

  bool Mark(char mark);
  bool Name(std::string& name, std::string_view what);
  bool Text(std::string& text, std::string_view what);
  bool Real(double& number, std::string_view what);

  template <typename T>
  bool Integer(T& number, std::string_view what) {
    std::string_view digits = token_.text;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto read =
        token_.kind == DbcToken::Kind::kNumber ? ParseInteger<T>(digits) : std::nullopt;
    if (!read) return Expected(what);
    number = *read;
    Next();
    return true;
  }

  /// Takes a `-` between two numbers, which may look like the sign of the second.
  void Dash();

  /// The word is not what the form has here. Returns false.
  bool Expected(std::string_view what);
  bool Fail(Position position, std::string what, std::string mend);
  void Warn(Position position, std::string what, std::string mend);

  /// Tells in one line how many warnings are not told; call it at the end.
  void TellRest();

 private:
  void Add(Diagnostic::Severity severity, Position position, std::string what, std::string mend);

  DbcLexer lexer_;
  const std::string& file_;
  Diagnostics& diagnostics_;
  std::size_t errors_ = 0;    // told or not
  std::size_t warnings_ = 0;  // told or not
  Position untold_;           // of the first warning that is not told
  DbcToken token_;
  std::string_view form_;
};

}  // namespace fleet_edge::drivers
