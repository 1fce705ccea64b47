#include "drivers/obd/obd_plan.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <functional>
#include <vector>

#include "core/time.h"

namespace fleet_edge::drivers {

std::vector<std::size_t> ObdPlan::Due(BootTime now, std::size_t most) const {
  std::vector<std::size_t> due;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].due <= now) due.push_back(i);
  }
  std::ranges::stable_sort(due, std::ranges::greater{},
                           [&](std::size_t item) { return items_[item].Lateness(now); });
  due.resize(std::min(due.size(), most));
  return due;
}

BootTime ObdPlan::next() const {
  assert(!items_.empty());
  return std::ranges::min_element(items_, {}, &Item::due)->due;
}

void ObdPlan::Done(std::size_t item, BootTime now) {
  Item& done = items_.at(item);
  // A little late, as every turn is that takes its time, it keeps its beat. More is not made up
  // for: those with long periods would do so at the cost of the others.
  done.due = std::max(done.due + done.every, now + done.every - done.every / 4);
}

}  // namespace fleet_edge::drivers
