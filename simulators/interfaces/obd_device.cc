#include "simulators/interfaces/obd_device.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "core/time.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/elm327_adapter.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/obd_answer.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::chrono::milliseconds kPatience{500};

struct Asked {
  std::uint8_t pid;
  const char* signal;
  const char* every;
};
constexpr std::array kAsked{Asked{0x04, "engine_load_percent", "1s"},
                            Asked{0x0F, "intake_celsius", "2s"},
                            Asked{0x11, "throttle_percent", "1s"}};

}  // namespace

ObdDevice::ObdDevice(std::string port, DeviceLedger& ledger)
    : ledger_(ledger), port_(std::move(port)) {
  for (const Asked& asked : kAsked) {
    forms_[asked.pid] = ledger_.AddForm({{asked.signal, {}}}, Stamp::kArrival);
  }
}

std::string ObdDevice::Configuration() const {
  std::string text = "obd:\n  device: " + port_.link() + "\n  signals:\n";
  for (const Asked& asked : kAsked) {
    std::array<char, 96> line{};
    std::snprintf(line.data(), line.size(), "    %s: {pid: 0x%02X, every: %s}\n", asked.signal,
                  unsigned{asked.pid}, asked.every);
    text += line.data();
  }
  return text;
}

void ObdDevice::Plug(const Moment& /*moment*/) {
  port_.Plug();
  adapter_ = {};
  asked_ = false;
}

void ObdDevice::Unplug(const Moment& moment) {
  // An answer that was read in part is lost with the rest of it.
  if (!port_.Drain(kPatience)) {
    for (const auto& [pid, form] : forms_) ledger_.DoubtSince(form, moment.now - 2 * kPatience);
  }
  port_.Unplug();
}

void ObdDevice::Turn(const Moment& moment) {
  const Elm327Adapter::Answer answer = adapter_.Take(port_.Read(), moment.state);
  if (answer.text.empty() || !port_.Write(answer.text)) return;
  for (const ObdSaid::Value& value : answer.values) {
    asked_ = true;
    const auto form = forms_.find(value.pid);
    if (form != forms_.end()) ledger_.Say(form->second, moment.now, {value.value});
  }
}

}  // namespace fleet_edge::simulators
