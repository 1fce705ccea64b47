#include "drivers/obd_plan.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>

#include "core/time.h"

namespace fleet_edge::drivers {

std::optional<std::size_t> ObdPlan::Due(BootTime now) const {
  const auto latest =
      std::ranges::max_element(items_, {}, [&](const Item& item) { return item.Lateness(now); });
  if (latest == items_.end() || latest->due > now) return std::nullopt;
  return static_cast<std::size_t>(latest - items_.begin());
}

BootTime ObdPlan::next() const {
  assert(!items_.empty());
  return std::ranges::min_element(items_, {}, &Item::due)->due;
}

void ObdPlan::Done(std::size_t item, BootTime now) {
  Item& done = items_.at(item);
  // In time, it keeps its beat; late, it begins a new one.
  done.due += done.every;
  if (done.due < now) done.due = now + done.every;
}

}  // namespace fleet_edge::drivers
