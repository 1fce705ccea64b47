// At which rate a receiver speaks that can't be read.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "agent/doctor/deadline.h"
#include "agent/doctor/trial.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/gnss/nmea_ear.h"

namespace fleet_edge::agent::doctor {
namespace {

constexpr Duration kListen = std::chrono::milliseconds{1200};  // receivers speak once a second
constexpr std::size_t kShown = 40;                             // bytes

bool IsText(const std::string& bytes) {
  return bytes.size() >= 4 && std::ranges::all_of(bytes, [](char c) {
           return (c >= ' ' && c <= '~') || c == '\r' || c == '\n' || c == '\t';
         });
}

}  // namespace

void FindRate(const YamlNode& item, const Deadline& deadline, DriverFacts& facts) {
  const YamlNode* const options = item.Find("nmea");
  const YamlNode* const device = options == nullptr ? nullptr : options->Find("device");
  if (device == nullptr) return;
  for (const std::uint32_t rate : drivers::kNmeaRates) {
    if (deadline.left() < kListen) return;
    const auto heard = drivers::ListenForNmea(device->text, rate, kListen);
    if (!heard) return;
    if (heard->sentence) {
      facts.speaks_at = rate;
      return;
    }
    if (facts.text.empty() && IsText(heard->bytes)) {
      facts.text =
          heard->bytes.substr(0, std::min(kShown, heard->bytes.find_last_not_of("\r\n") + 1));
    }
  }
}

}  // namespace fleet_edge::agent::doctor
