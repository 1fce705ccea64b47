#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/query.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::rules {

// Each sets `expected` and `got` of a mismatch: it is none when the two are the same.

/// `firing`: the alerts of this name.
void Compare(const AlertTest& test, const std::vector<AlertEvent>& firing, Mismatch& mismatch);

/// Values are equal as promtool's are, and NaN equals NaN; `fuzzy`: nothing lies between them.
void Compare(const ExpressionTest& test, const QueryResult& result, bool fuzzy, Mismatch& mismatch);

/// `told`: what the test's receiver was told of the alerts of this name, of a test that begins at
/// `start`.
void Compare(const NotificationTest& test, const std::vector<AlertEvent>& told, UtcTime start,
             Mismatch& mismatch);

}  // namespace fleet_edge::rules
