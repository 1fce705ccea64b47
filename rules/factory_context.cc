#include "rules/factory_context.h"

#include <cstddef>
#include <string_view>

#include "core/time.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/plan.h"
#include "rules/selector.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

Node& FactoryContext::Operand(std::size_t index) {
  return plan_.Share(*call_.arguments.at(index), scope_);
}

Windows& FactoryContext::Range(std::size_t index) {
  return plan_.WindowsOf(std::get<RangeSelector>(call_.arguments.at(index)->node));
}

std::string_view FactoryContext::Text(std::size_t index) const {
  return std::get<StringLiteral>(call_.arguments.at(index)->node).value;
}

double FactoryContext::Number(std::size_t index) const {
  return std::get<NumberLiteral>(call_.arguments.at(index)->node).value;
}

const Selection& FactoryContext::SelectionOf(const VectorSelector& selector) {
  return plan_.Select(selector.selector);
}

Node& FactoryContext::Newest(std::string_view metric) {
  return plan_.Share({0, VectorSelector{.selector = SelectorOf(metric)}}, scope_);
}

Windows& FactoryContext::RangeOf(std::string_view metric, Duration range) {
  return plan_.WindowsOf({.selector = SelectorOf(metric), .range = range});
}

LabelPool& FactoryContext::pool() { return plan_.pool_; }

const Geofences& FactoryContext::geofences() const { return plan_.geofences_; }

}  // namespace fleet_edge::rules
