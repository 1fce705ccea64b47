#pragma once

#include <cstddef>
#include <string_view>

#include "core/diagnostic.h"

namespace fleet_edge::drivers {

/// A word of a DBC file. Its text is valid as long as the file's.
struct DbcToken {
  enum class Kind {
    kEnd,       ///< of the file
    kName,      ///< [A-Za-z_][A-Za-z0-9_]*, keywords too
    kNumber,    ///< with its sign
    kString,    ///< `text` is what stands between the quotes, as it stands
    kMark,      ///< one other character
    kUnclosed,  ///< a string without an end, up to the end of the file
  };

  Kind kind = Kind::kEnd;
  std::string_view text;
  Position position;
  bool first = false;  ///< of its line

  bool Is(std::string_view word) const {
    return text == word && (kind == Kind::kName || kind == Kind::kMark);
  }
};

/// Cuts a DBC file into words. Strings may go over several lines. One thread; borrows the text.
class DbcLexer {
 public:
  explicit DbcLexer(std::string_view text) : text_(text) {}

  DbcToken Next();

 private:
  void SkipBlanks();
  void Advance();  // by one character
  char At(std::size_t place) const { return place < text_.size() ? text_[place] : '\0'; }
  DbcToken String(DbcToken token);

  const std::string_view text_;
  std::size_t at_ = 0;
  Position position_{.line = 1, .column = 1};
  bool first_ = true;
};

}  // namespace fleet_edge::drivers
