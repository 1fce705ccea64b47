#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "rules/go_format.h"

namespace fleet_edge::rules {

/// The text of an alert's label or annotation, with places for the alert's value and labels: of
/// Go's templates `{{ $value }}`,
/// `{{ $labels.zone }}` and `printf` of one of them. Immutable.
class LabelTemplate {
 public:
  /// Throws ExpressionError at the first thing in `{{ … }}` that is not supported.
  static LabelTemplate Parse(std::string_view text);

  /// `labels`: of the series that the alert's expression yields.
  std::string Expand(double value, const Labels& labels) const;

 private:
  struct Piece {
    enum class Kind : std::uint8_t { kText, kValue, kLabel };
    Kind kind = Kind::kText;
    std::string text{};                ///< the text itself, or the label's name
    std::optional<GoFormat> format{};  ///< of printf
  };

  static Piece ParseAction(std::string_view action, std::size_t offset);
  static Piece ParseOperand(std::string_view word, std::size_t offset);

  std::vector<Piece> pieces_;
};

}  // namespace fleet_edge::rules
