#pragma once

#include "rules/expr.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {

/// Parses `name{label="value"}`, `name{…}[10s]` and the `offset` behind them at the reader's place.
/// Throws ExpressionError; `@`, negative offsets and subqueries are refused by name.
ExprPtr ParseSelector(TokenReader& reader);

/// Refuses the modifiers that PromQL allows behind a selector and this engine does not have.
void RefuseModifiers(const TokenReader& reader);

/// Refuses an `offset` behind what is no selector.
void RefuseOffset(const TokenReader& reader);

}  // namespace fleet_edge::rules
