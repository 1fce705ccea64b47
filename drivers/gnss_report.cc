#include "drivers/gnss_report.h"

#include <cstdint>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"

namespace fleet_edge::drivers {

GnssSeries::GnssSeries(SeriesRegistry& registry, std::uint16_t driver)
    : slots_{{
          {&GnssReport::latitude_deg, registry.Find("latitude_deg", {})},
          {&GnssReport::longitude_deg, registry.Find("longitude_deg", {})},
          {&GnssReport::altitude_m, registry.Find("altitude_m", {})},
          {&GnssReport::heading_deg, registry.Find("heading_deg", {})},
          {&GnssReport::speed_kmh, registry.Find("gnss_speed_kmh", {})},
          {&GnssReport::hdop, registry.Find("gnss_hdop", {})},
          {&GnssReport::satellites, registry.Find("gnss_satellites", {})},
          {&GnssReport::fix, registry.Find("gnss_fix", {})},
      }},
      driver_(driver) {}

void GnssSeries::Append(const GnssReport& report, std::vector<Reading>& out) const {
  if (!report.time) return;
  for (const Slot& slot : slots_) {
    const auto& value = report.*slot.value;
    if (value && slot.series != nullptr) {
      out.push_back({slot.series, *report.time, *value, Quality::kGood, driver_});
    }
  }
}

}  // namespace fleet_edge::drivers
