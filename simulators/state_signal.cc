#include "simulators/state_signal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/signal.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr double kGravity = 9.80665;  // m/s², standard
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

struct OwnField {
  std::string_view signal;
  double VehicleState::* field;
};

constexpr std::array kOwn{
    OwnField{"vehicle_speed_kmh", &VehicleState::vehicle_speed_kmh},
    OwnField{"odometer_km", &VehicleState::odometer_km},
    OwnField{"engine_rpm", &VehicleState::engine_rpm},
    OwnField{"engine_coolant_celsius", &VehicleState::engine_coolant_celsius},
    OwnField{"ambient_celsius", &VehicleState::ambient_celsius},
    OwnField{"fuel_percent", &VehicleState::fuel_percent},
    OwnField{"battery_volts", &VehicleState::battery_volts},
    OwnField{"accel_longitudinal_mps2", &VehicleState::accel_longitudinal_mps2},
    OwnField{"accel_lateral_mps2", &VehicleState::accel_lateral_mps2},
    OwnField{"accel_vertical_mps2", &VehicleState::accel_vertical_mps2},
};

struct GnssField {
  std::string_view signal;
  double VehicleState::Gnss::* field;
};

constexpr std::array kOfGnss{
    GnssField{"latitude_deg", &VehicleState::Gnss::latitude_deg},
    GnssField{"longitude_deg", &VehicleState::Gnss::longitude_deg},
    GnssField{"altitude_m", &VehicleState::Gnss::altitude_m},
    GnssField{"heading_deg", &VehicleState::Gnss::heading_deg},
    GnssField{"gnss_speed_kmh", &VehicleState::Gnss::speed_kmh},
    GnssField{"gnss_hdop", &VehicleState::Gnss::hdop},
};

/// The number of a label, from 1, as a place; 0 when there is none.
std::size_t PlaceOf(std::string_view number) {
  std::size_t place = 1;
  std::from_chars(number.data(), number.data() + number.size(), place);
  return place - 1;
}

/// From the labels axle and side to a place.
std::size_t TireOf(const SeriesName& series) {
  return 2 * PlaceOf(series.labels.Get("axle")) + (series.labels.Get("side") == "right" ? 1 : 0);
}

double GnssValue(const VehicleState::Gnss& gnss, std::string_view signal) {
  if (gnss.fix == 0) return kNothing;
  if (signal == "gnss_fix") return gnss.fix;
  if (signal == "gnss_satellites") return gnss.satellites;
  const auto* const found = std::ranges::find(kOfGnss, signal, &GnssField::signal);
  return found == kOfGnss.end() || gnss.fix == 1 ? kNothing : gnss.*(found->field);
}

}  // namespace

double* FieldOf(VehicleState& state, std::string_view signal, std::size_t place) {
  if (signal == "cargo_celsius") {
    return place < state.cargo_celsius.size() ? &state.cargo_celsius[place] : nullptr;
  }
  if (signal == "tire_kpa") {
    return place < state.tire_kpa.size() ? &state.tire_kpa[place] : nullptr;
  }
  const auto* const own = std::ranges::find(kOwn, signal, &OwnField::signal);
  if (own != kOwn.end()) return &(state.*(own->field));
  const auto* const gnss = std::ranges::find(kOfGnss, signal, &GnssField::signal);
  return gnss == kOfGnss.end() ? nullptr : &(state.gnss.*(gnss->field));
}

std::size_t PlacesOf(const VehicleState& state, std::string_view signal) {
  if (signal == "cargo_celsius") return state.cargo_celsius.size();
  if (signal == "tire_kpa") return state.tire_kpa.size();
  return 1;
}

std::vector<SeriesName> SeriesOf(const VehicleState& state) {
  std::vector<SeriesName> all;
  for (const Signal& signal : SignalCatalogue()) {
    const std::string name(signal.name);
    for (std::size_t place = 0; place < PlacesOf(state, name); ++place) {
      SeriesName series{.name = name, .labels = {}};
      if (name == "cargo_celsius") series.labels = {{"zone", std::to_string(place + 1)}};
      if (name == "tire_kpa") {
        series.labels = {{"axle", std::to_string(place / 2 + 1)},
                         {"side", place % 2 == 0 ? "left" : "right"}};
      }
      all.push_back(series);
    }
  }
  return all;
}

double ValueOf(const VehicleState& state, const SeriesName& series) {
  const std::string_view name = series.name;
  if (name == "ignition_on") return state.ignition_on ? 1 : 0;
  if (name == "cargo_celsius") {
    return state.cargo_celsius.at(PlaceOf(series.labels.Get("zone")));
  }
  if (name == "tire_kpa") return state.tire_kpa.at(TireOf(series));
  if (name == "accel_vertical_mps2") return state.accel_vertical_mps2 + kGravity;
  const auto* const own = std::ranges::find(kOwn, name, &OwnField::signal);
  return own == kOwn.end() ? GnssValue(state.gnss, name) : state.*(own->field);
}

}  // namespace fleet_edge::simulators
