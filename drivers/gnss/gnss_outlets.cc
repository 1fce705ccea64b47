#include "drivers/gnss/gnss_outlets.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/quality.h"
#include "core/time.h"
#include "drivers/driver.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gnss_time.h"
#include "drivers/outlets.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {

GnssOutlets::GnssOutlets(const std::string& driver, Duration stale_after,
                         const Environment& environment)
    : driver_(driver), environment_(environment), outlets_(driver, stale_after, environment) {
  for (std::size_t i = 0; i < kGnssValues.size(); ++i) {
    places_.at(i) = outlets_.Add(
        {.signal = std::string(kGnssValues.at(i).signal), .labels = {}, .conversion = {}});
  }
}

void GnssOutlets::Put(const GnssReport& report) {
  const UtcTime now = environment_.clock.Now();
  const auto [verdict, time] = time_.Judge(report, now);
  Note(verdict, report, now);
  const Quality quality = report.doubtful ? Quality::kSuspect : Quality::kGood;
  for (std::size_t i = 0; i < kGnssValues.size(); ++i) {
    const auto& value = report.*kGnssValues.at(i).value;
    if (value) outlets_.Put(places_.at(i), *value, time, quality);
  }
  outlets_.Flush();
}

void GnssOutlets::Note(GnssTime::Verdict verdict, const GnssReport& report, UtcTime now) {
  const bool rolled_over = verdict == GnssTime::Verdict::kRolledOver;
  if (!report.time || (!rolled_over && verdict != GnssTime::Verdict::kApart)) return;
  outlets_.Refuse(reason::kBadTime);
  if (std::exchange(rolled_over ? told_.rolled_over : told_.apart, true)) return;
  if (rolled_over) {
    spdlog::warn(
        "driver {}: the receiver's date is {}, 1024 weeks behind or a multiple: its count of weeks "
        "has rolled over. It is put right; a newer firmware of the receiver mends it",
        driver_, ToString(*report.time));
  } else {
    spdlog::warn(
        "driver {}: the receiver's time is {}, the agent's {}: readings have the agent's. Is the "
        "machine's clock set?",
        driver_, ToString(*report.time), ToString(now));
  }
}

std::vector<std::string> GnssOutlets::Signals() {
  std::vector<std::string> names;
  names.reserve(kGnssValues.size());
  for (const GnssValue& value : kGnssValues) names.emplace_back(value.signal);
  return names;
}

}  // namespace fleet_edge::drivers
