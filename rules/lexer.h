#pragma once

#include <string_view>
#include <vector>

#include "rules/token.h"

namespace fleet_edge::rules {

/// Cuts an expression into tokens; the last one is kEnd. Skips white space and `#` comments.
/// Throws ExpressionError at the first character that begins no token.
std::vector<Token> Lex(std::string_view text);

}  // namespace fleet_edge::rules
