#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/time.h"

namespace fleet_edge::rules {

/// One expectation of a test that was not met. A value.
struct Mismatch {
  enum class Kind : std::uint8_t {
    kAlert,
    kExpression,
    kNotification,
    kRule,   ///< a rule had no result: the test ends there
    kInput,  ///< what goes in can't be had: the test did not begin
  };

  Kind kind = Kind::kAlert;
  Position position;    ///< of the expectation, else of the test
  std::string subject;  ///< the alert, the expression or the rule
  Duration at{};        ///< since the start of the test
  /// What was expected and what came, a line each (an alert's annotations on lines of their own),
  /// sorted. What counts as equal reads the same in both.
  std::vector<std::string> expected{};
  std::vector<std::string> got{};
  std::string error{};  ///< why there is nothing to compare; empty: there is
};

std::string_view ToString(Mismatch::Kind kind);

/// What came of one test. A value.
struct TestOutcome {
  std::vector<Mismatch> mismatches;  ///< in the order of the file; none: the test is passed

  bool ok() const { return mismatches.empty(); }
};

}  // namespace fleet_edge::rules
