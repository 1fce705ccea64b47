#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// What an engine's control unit says to a request of service 01 (SAE J1979). A value.
struct ObdSaid {
  struct Value {
    std::uint8_t pid;
    double value;  ///< in the PID's unit, as its resolution makes it
  };

  std::vector<std::uint8_t> message;  ///< `41 PID data PID data …`; empty: it is silent
  std::vector<Value> values;
};

/// `request`: `01` and up to six PIDs. PIDs that it doesn't have are left out; to other services it
/// says nothing.
ObdSaid AnswerObd(std::span<const std::uint8_t> request, const VehicleState& state);

/// A message as the control unit 7E8 sends it on CAN: a single frame, or a first one and those that
/// follow (ISO 15765-2, 9.6), filled up with 55. Precondition: 1 to 4095 bytes.
std::vector<BusFrame> EncodeIsoTp(std::span<const std::uint8_t> message);

}  // namespace fleet_edge::simulators
