#pragma once

#include "rules/expr.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {

/// Parses `name{label="value"}` and `name{…}[10s]` at the reader's place. Throws ExpressionError;
/// offset, `@` and subqueries are refused by name.
ExprPtr ParseSelector(TokenReader& reader);

/// Refuses the modifiers that PromQL allows behind a selector and this engine does not have.
void RefuseModifiers(const TokenReader& reader);

}  // namespace fleet_edge::rules
