#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {

struct CallExpr;
struct ExpressionError;
class FactoryContext;
class Node;
class Windows;

/// What an expression yields.
enum class ValueType : std::uint8_t { kScalar, kVector, kRange, kString };

/// As error messages say it: `instant vector`.
std::string_view ToString(ValueType type);

/// One series' samples in a range, as a function over time gets them.
struct SeriesWindow {
  Window samples;  ///< never empty
  UtcTime after;   ///< the range is left-open: after < time <= until
  UtcTime until;
};

/// The values of a call's scalar arguments at one instant, in their order.
using Scalars = std::span<const double>;

/// The value of one series' window, or nothing when the function has none there.
using WindowFunction = std::optional<double> (*)(const SeriesWindow& window);

/// The same, aggregated as the windows slide on: makes the node that does it.
using SlidingFunction = std::unique_ptr<Node> (*)(Windows& windows);

/// The same with scalar arguments. May fail the evaluation.
using ParametricWindowFunction = std::optional<double> (*)(const SeriesWindow& window,
                                                           Scalars scalars, Evaluation& evaluation);

/// The value of one element.
using ElementFunction = double (*)(double value);

/// The same with scalar arguments; nothing drops the element.
using ParametricElementFunction = std::optional<double> (*)(double value, Scalars scalars);

/// A scalar that depends on the instant alone.
using InstantFunction = double (*)(UtcTime at);

/// Appends to `result` what a whole vector (or a scalar, which is one element without labels)
/// comes to.
using VectorFunction = void (*)(const Vector& operand, Evaluation& evaluation, Vector& result);

/// Makes a node of its own kind, for a function that keeps state, or reads more than its arguments'
/// values.
using NodeFactory = std::unique_ptr<Node> (*)(FactoryContext& context);

/// Series that a call reads although none of its arguments names them.
struct ImpliedSelector {
  std::string_view metric;          ///< all series of that name
  std::optional<Duration> range{};  ///< nothing: the newest sample within the lookback
};

/// One function of PromQL: its type and what computes it. Lives for ever.
struct Function {
  std::string_view name;
  std::span<const ValueType> arguments;
  ValueType result;
  std::variant<WindowFunction, SlidingFunction, ParametricWindowFunction, ElementFunction,
               ParametricElementFunction, InstantFunction, VectorFunction, NodeFactory>
      implementation;

  bool keeps_name = false;              ///< of functions over time: the metric's name stays
  bool last_is_optional = false;        ///< the last argument may be left out …
  bool last_repeats = false;            ///< … or stand any number of times
  std::string_view default_argument{};  ///< what an optional last argument is when it is left out
  bool moves = false;     ///< the result can change without a sample that comes or leaves
  bool stateful = false;  ///< its node remembers earlier instants: each group has its own

  /// Appends what is wrong with a call whose arguments have the right types. Null: nothing can be.
  void (*check)(const CallExpr& call, std::vector<ExpressionError>& errors) = nullptr;

  /// Null: none.
  std::vector<ImpliedSelector> (*implied)(const CallExpr& call) = nullptr;

  std::size_t least_arguments() const { return arguments.size() - (last_is_optional ? 1 : 0); }
};

/// All supported functions, by name.
std::span<const Function> Functions();

/// Null when `name` is not supported.
const Function* FindFunction(std::string_view name);

/// True for a function that PromQL has and this engine has not.
bool IsForeignFunction(std::string_view name);

/// What a function that PromQL has renamed is called now; empty for others.
std::string_view NewNameOf(std::string_view name);

}  // namespace fleet_edge::rules
