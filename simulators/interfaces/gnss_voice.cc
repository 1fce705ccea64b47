#include "simulators/interfaces/gnss_voice.h"

#include <chrono>
#include <cstddef>

#include "core/time.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/ledger.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

// An epoch a second.
constexpr Duration kLast = std::chrono::milliseconds{1100};

}  // namespace

GnssVoice::GnssVoice(DeviceLedger& ledger)
    : ledger_(ledger),
      fix_(ledger.AddForm({{"gnss_fix", {}}}, Stamp::kArrival)),
      position_(ledger.AddForm({{"latitude_deg", {}},
                                {"longitude_deg", {}},
                                {"heading_deg", {}},
                                {"gnss_speed_kmh", {}},
                                {"gnss_hdop", {}},
                                {"gnss_satellites", {}}},
                               Stamp::kArrival)),
      altitude_(ledger.AddForm({{"altitude_m", {}}}, Stamp::kArrival)) {}

void GnssVoice::Say(const VehicleState::Gnss& gnss, UtcTime time) {
  ledger_.Say(fix_, time, {static_cast<double>(gnss.fix)});
  if (gnss.fix < 2) return;
  ledger_.Say(position_, time,
              {gnss.latitude_deg, gnss.longitude_deg, gnss.heading_deg, gnss.speed_kmh, gnss.hdop,
               static_cast<double>(gnss.satellites)});
  if (gnss.fix == 3) ledger_.Say(altitude_, time, {gnss.altitude_m});
}

void GnssVoice::DoubtLast(UtcTime now) {
  for (const std::size_t form : {fix_, position_, altitude_}) ledger_.DoubtSince(form, now - kLast);
}

}  // namespace fleet_edge::simulators
