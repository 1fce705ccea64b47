#include "drivers/gnss/gnss_report.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"

namespace fleet_edge::drivers {

std::optional<GnssReport> GnssOnce::Take(const GnssReport& epoch) {
  GnssReport rest;
  rest.time = epoch.time;
  rest.doubtful = epoch.doubtful;
  bool is_new = false;
  for (std::size_t i = 0; i < kGnssValues.size(); ++i) {
    const auto& value = epoch.*kGnssValues.at(i).value;
    if (!value || told_.at(i)) continue;
    rest.*kGnssValues.at(i).value = value;
    told_.at(i) = is_new = true;
  }
  if (!is_new) return std::nullopt;
  return rest;
}

GnssSeries::GnssSeries(SeriesRegistry& registry, std::uint16_t driver) : driver_(driver) {
  for (std::size_t i = 0; i < kGnssValues.size(); ++i) {
    series_.at(i) = registry.Find(kGnssValues.at(i).signal, {});
  }
}

void GnssSeries::Append(const GnssReport& report, std::vector<Reading>& out) const {
  if (!report.time) return;
  const Quality quality = report.doubtful ? Quality::kSuspect : Quality::kGood;
  for (std::size_t i = 0; i < kGnssValues.size(); ++i) {
    const auto& value = report.*kGnssValues.at(i).value;
    if (value && series_.at(i) != nullptr) {
      out.push_back({series_.at(i), *report.time, *value, quality, driver_});
    }
  }
}

}  // namespace fleet_edge::drivers
