#include "rules/expression_advice.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/signal.h"
#include "core/time.h"
#include "rules/expr.h"
#include "rules/function.h"
#include "rules/known_series.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

/// As whoever follows the advice writes it.
bool IsRounded(const Expr& expr) {
  const auto* const call = std::get_if<CallExpr>(&expr.node);
  if (call == nullptr) return false;
  const std::string_view name = call->function->name;
  return name == "round" || name == "floor" || name == "ceil";
}

class Adviser {
 public:
  Adviser(Duration interval, const KnownSeries& known) : interval_(interval), known_(known) {}

  void Visit(const Expr& expr) {
    if (const auto* const instant = std::get_if<VectorSelector>(&expr.node)) {
      CheckName(instant->selector.name(), expr.offset);
    } else if (const auto* const range = std::get_if<RangeSelector>(&expr.node)) {
      CheckName(range->selector.name(), expr.offset);
      CheckRange(range->selector.name(), range->range, expr.offset);
    } else if (const auto* const aggregate = std::get_if<AggregateExpr>(&expr.node)) {
      if (aggregate->op == AggregateOp::kCountValues && !IsRounded(*aggregate->operand)) {
        Advise(expr.offset, "count_values makes a series of each value: they have no bound",
               "Round the values, or count by a comparison: count(x > 5)");
      }
    } else if (const auto* const call = std::get_if<CallExpr>(&expr.node)) {
      if (call->function->implied == nullptr) return;
      for (const ImpliedSelector& implied : call->function->implied(*call)) {
        CheckName(implied.metric, expr.offset);
        if (implied.range) CheckRange(implied.metric, *implied.range, expr.offset);
      }
    }
  }

  std::vector<ExpressionAdvice> Take() { return std::move(found_); }

 private:
  void Advise(std::size_t offset, std::string what, std::string mend, bool of_vehicle = false) {
    if (!said_.insert(what).second) return;
    found_.push_back({{offset, std::move(what), std::move(mend)}, of_vehicle});
  }

  void CheckName(std::string_view name, std::size_t offset) {
    if (name.empty()) {
      Advise(offset, "the selector names no series: how many it takes has no bound",
             "Name the signal: vehicle_speed_kmh{…}");
    } else if (const auto doubt = known_.DoubtAbout(name)) {
      Advise(offset, doubt->what, doubt->mend, doubt->of_vehicle);
    }
  }

  void CheckRange(std::string_view name, Duration range, std::size_t offset) {
    const std::string shown = "the range " + fleet_edge::ToString(range) + " is shorter than ";
    if (range < interval_) {
      Advise(offset,
             shown + "the group's interval " + fleet_edge::ToString(interval_) +
                 ": no window sees what comes between",
             "Make the range at least " + fleet_edge::ToString(interval_) +
                 ", or the interval shorter");
      return;
    }
    const Signal* const signal = FindSignal(name);
    if (signal == nullptr || range >= signal->period) return;
    Advise(offset,
           shown + "the " + fleet_edge::ToString(signal->period) + " in which " +
               std::string(name) + " is usually measured once: many windows are empty",
           "Make the range at least " + fleet_edge::ToString(signal->period));
  }

  const Duration interval_;
  const KnownSeries& known_;
  std::set<std::string> said_;
  std::vector<ExpressionAdvice> found_;
};

}  // namespace

std::vector<ExpressionAdvice> AdviseOnExpression(const Expr& expr, Duration interval,
                                                 const KnownSeries& known) {
  Adviser adviser(interval, known);
  ForEachNode(expr, [&](const Expr& part) { adviser.Visit(part); });
  return adviser.Take();
}

}  // namespace fleet_edge::rules
