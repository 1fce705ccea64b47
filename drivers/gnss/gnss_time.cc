#include "drivers/gnss/gnss_time.h"

#include <algorithm>
#include <chrono>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"

namespace fleet_edge::drivers {

GnssTime::Judged GnssTime::Judge(const GnssReport& report, UtcTime now) {
  // A report without a fix's dimension is a late part of one that had it.
  if (report.fix) fixes_ = *report.fix >= 3 ? std::min(fixes_ + 1, kFixes) : 0;
  if (!report.time || fixes_ < kFixes) return {Verdict::kUnknown, now};
  const Duration apart = now - *report.time;
  if (std::chrono::abs(apart) <= kMostApart) return {Verdict::kBelieved, *report.time};
  // To the nearest whole number of rollovers, which the receiver is behind.
  const Duration::rep rollovers = (apart + kRollover / 2) / kRollover;
  const UtcTime mended = *report.time + rollovers * kRollover;
  if (rollovers > 0 && std::chrono::abs(now - mended) <= kMostApart) {
    return {Verdict::kRolledOver, mended};
  }
  return {Verdict::kApart, now};
}

}  // namespace fleet_edge::drivers
