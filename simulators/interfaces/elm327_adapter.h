#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulators/interfaces/obd_answer.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// An ELM327 adapter in a vehicle with ISO 15765-4 CAN, 11 bits and 500 kbit/s, after ELM
/// Electronics' data sheet of the ELM327 v1.4b: commands end with a carriage return, an answer with
/// the prompt `>`. With the ignition off the vehicle is silent. One thread.
class Elm327Adapter {
 public:
  /// What it says, and what of that the vehicle has said.
  struct Answer {
    std::string text;
    std::vector<ObdSaid::Value> values;
  };

  /// Takes what came in and answers the commands that are whole now. A command of more than 32
  /// characters is not understood.
  Answer Take(std::string_view bytes, const VehicleState& state);

 private:
  void Do(std::string_view command, const VehicleState& state, Answer& answer);
  std::string Set(std::string_view setting, const VehicleState& state);
  bool Switch(std::string_view setting);
  std::string Ask(std::string_view digits, const VehicleState& state, Answer& answer);
  std::string TextOf(const std::vector<std::uint8_t>& message) const;
  std::string Line(const std::string& text) const { return text + (feeds_ ? "\r\n" : "\r"); }

  bool echoes_ = true;
  bool feeds_ = false;
  bool spaces_ = true;
  bool headers_ = false;
  bool searched_ = false;  // the bus has been found
  std::string command_;    // as far as it has come
};

}  // namespace fleet_edge::simulators
