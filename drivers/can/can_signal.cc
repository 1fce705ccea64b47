#include "drivers/can/can_signal.h"

#include <chrono>
#include <cstdint>
#include <vector>

#include "core/quality.h"
#include "core/reading.h"
#include "core/time.h"
#include "drivers/can/can_time.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

// What the catalogue reads is sent at least this often (SAE J1939-71's repetition rates).
constexpr Duration kSilent = std::chrono::seconds{5};

}  // namespace

void CanSignal::Take(double value, std::uint8_t source, CanTime time, std::vector<Reading>& out,
                     std::vector<CanRefusal>& refused) {
  if (series_ == nullptr) return Refuse(reason::kSeriesLimit, refused);
  // A recording whose times step back makes everyone silent.
  const bool silent = !heard_ || time.boot - *heard_ > kSilent || time.boot < *heard_;
  if (source_ != source && !silent) return Refuse(reason::kOtherSource, refused);
  source_ = source;
  heard_ = time.boot;
  silent_ = false;
  last_ = value;
  out.push_back({series_, time.utc, value, Quality::kGood, driver_});
}

void CanSignal::MarkSilent(CanTime now, Duration limit, std::vector<Reading>& out) {
  if (!heard_ || silent_ || now.boot - *heard_ <= limit) return;
  silent_ = true;
  out.push_back({series_, now.utc, last_, Quality::kStale, driver_});
}

}  // namespace fleet_edge::drivers
