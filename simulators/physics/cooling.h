#pragma once

namespace fleet_edge::simulators {

/// Engine block and coolant as one lump of heat, with pump, thermostat, radiator and fan. A value;
/// one thread.
class Cooling {
 public:
  struct Parameters {
    double capacity_kj_k;  ///< of block and coolant
    double idle_heat_kw;   ///< into the coolant when idling
    double heat_per_kw;    ///< … and for each kW at the crankshaft beyond that
    double opens_celsius;  ///< the thermostat begins to open
    double open_celsius;   ///< … and is open
    double still_kw_k;     ///< the radiator's conductance at a stand
    double wind_kw_k;      ///< … and what 1 m/s of wind adds, to the power of 0.8
    double fan_kw_k;       ///< … and the fan
    double fan_on_celsius;
    double fan_off_celsius;
    double block_kw_k;  ///< what the block loses by itself
  };

  /// What of it is broken.
  struct Faults {
    bool fan = false;         ///< never turns
    bool thermostat = false;  ///< stuck closed
    bool pump = false;        ///< nothing flows to the radiator
  };

  Cooling(Parameters parameters, double celsius) : parameters_(parameters), celsius_(celsius) {}

  /// `seconds` (at most 5) with the engine at `power_kw`, or not running.
  void Step(double seconds, bool running, double power_kw, double speed_mps, double ambient,
            Faults faults);

  double celsius() const { return celsius_; }

 private:
  double Flow(bool running, Faults faults) const;

  Parameters parameters_;
  double celsius_;
  bool fan_ = false;
};

}  // namespace fleet_edge::simulators
