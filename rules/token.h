#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fleet_edge::rules {

/// The smallest piece of an expression that means something.
struct Token {
  enum class Kind : std::uint8_t {
    kEnd,
    kNumber,      ///< `1_000`, `0x1f`, `.5e3`
    kDuration,    ///< `1h30m`
    kString,      ///< text() is the value, escapes resolved
    kIdentifier,  ///< also keywords and operators that are words
    kOperator,    ///< `+`, `==`, `=~`, brackets, `,`, `:`, `@`
  };

  Kind kind = Kind::kEnd;
  std::string text;
  std::size_t offset = 0;  ///< in the expression, bytes from 0
  std::size_t end = 0;

  bool Is(std::string_view op) const { return kind == Kind::kOperator && text == op; }
};

}  // namespace fleet_edge::rules
