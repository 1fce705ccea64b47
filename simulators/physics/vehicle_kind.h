#pragma once

#include <optional>
#include <string_view>

#include "simulators/physics/container.h"
#include "simulators/physics/cooling.h"
#include "simulators/physics/driver.h"
#include "simulators/physics/electrics.h"
#include "simulators/physics/powertrain.h"

namespace fleet_edge::simulators {

/// What a simulated vehicle is built like.
enum class VehicleKind {
  kTanker,  ///< articulated, 32 t loaded, 24 V, compartments that nothing cools
  kCab,     ///< a compact car, 12 V, no container
  kReefer,  ///< rigid, 14 t loaded, 24 V, one insulated body with a cooler
};

/// `tanker`, `cab`, `reefer`.
std::string_view NameOf(VehicleKind kind);
std::optional<VehicleKind> VehicleKindOf(std::string_view name);

/// All that the kind decides. simulators/README.md lists it with its sources. A value.
struct VehicleParameters {
  Driver::Comfort comfort;
  double limiter_kmh;
  Powertrain::Parameters powertrain;
  Cooling::Parameters cooling;
  Electrics::Parameters electrics;
  Container::Parameters zone;
  int zones;        ///< of the container, unless a vehicle says otherwise
  double tire_kpa;  ///< cold, at 20 °C
};

VehicleParameters ParametersOf(VehicleKind kind);

}  // namespace fleet_edge::simulators
