#include "drivers/obd/obd_link.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/time.h"
#include "drivers/can/iso_tp.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {

IsoTpReceiver::Step::Flow ObdAssembly::Take(std::uint32_t unit, std::span<const std::uint8_t> frame,
                                            BootTime now, ObdAnswer& answer) {
  if (units_.size() >= kMaxUnits && !units_.contains(unit)) {
    const auto idle =
        std::ranges::find_if(units_, [](const auto& each) { return !each.second.receiving(); });
    if (idle == units_.end()) {
      answer.refused.push_back(reason::kOtherSource);
      return IsoTpReceiver::Step::Flow::kNone;
    }
    units_.erase(idle);
  }
  const IsoTpReceiver::Step step = units_[unit].Take(frame, now);
  if (!step.refused.empty()) answer.refused.push_back(step.refused);
  if (step.message) {
    answer.messages.push_back({unit, {step.message->begin(), step.message->end()}});
  }
  return step.flow;
}

bool ObdAssembly::Receiving(BootTime now, ObdAnswer& answer) {
  bool receiving = false;
  for (auto& [unit, receiver] : units_) {
    if (receiver.Expire(now)) answer.refused.push_back(reason::kMissing);
    receiving = receiving || receiver.receiving();
  }
  return receiving;
}

}  // namespace fleet_edge::drivers
