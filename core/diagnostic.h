#pragma once

#include <string>
#include <vector>

namespace fleet_edge {

/// A place in a text file. Lines and columns count from 1; 0 means the whole file.
struct Position {
  int line = 0;
  int column = 0;
  int document = 0;  ///< of several files that are read as one: which, from 1; else 0

  friend bool operator==(Position, Position) = default;
};

/// One finding of a check: what is wrong, where, and the mend.
struct Diagnostic {
  enum class Severity { kError, kWarning };

  std::string file;
  Position position;
  Severity severity = Severity::kError;
  std::string what;  ///< what is wrong and why
  std::string mend;  ///< what to do about it; may be empty
};

/// `file:line:column: error: what. mend`
std::string ToString(const Diagnostic& diagnostic);

/// All findings of a run, in the order of the file.
using Diagnostics = std::vector<Diagnostic>;

bool HasErrors(const Diagnostics& diagnostics);

}  // namespace fleet_edge
