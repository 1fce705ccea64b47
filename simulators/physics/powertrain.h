#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace fleet_edge::simulators {

/// Engine, gears and what the road resists. A value; one thread.
class Powertrain {
 public:
  struct Parameters {
    double mass_kg;    ///< of the vehicle, loaded
    double rolling;    ///< coefficient of rolling resistance
    double drag_m2;    ///< drag coefficient times frontal area
    double power_kw;   ///< rated, at the crankshaft
    double rated_rpm;  ///< at which that power is there
    double idle_rpm;
    double shift_up_rpm;    ///< a higher gear is taken from here
    double shift_down_rpm;  ///< … and a lower one below this
    double wheel_radius_m;  ///< rolling
    double axle_ratio;
    std::vector<double> gears;  ///< ratios, the first gear first
    double auxiliary_kw;        ///< alternator, compressor, pumps, air conditioning
    double idle_fuel_g_s;       ///< what the engine burns to turn itself
    double fuel_g_kwh;          ///< … and for each kWh at the crankshaft beyond that
    double tank_l;
  };

  explicit Powertrain(Parameters parameters) : parameters_(std::move(parameters)) {}

  /// The most that the engine gives at this speed, in m/s².
  double MaxAcceleration(double speed_mps) const;

  /// `seconds` at this speed and acceleration; nothing turns when it isn't running.
  void Step(double seconds, double speed_mps, double acceleration_mps2, bool running);

  double rpm() const { return rpm_; }
  double power_kw() const { return power_kw_; }  ///< at the crankshaft, ≥ 0
  double load_percent() const;                   ///< of what the engine could give at this speed
  double burnt_l() const { return burnt_l_; }    ///< since the start

 private:
  double Resistance(double speed_mps) const;
  double RpmIn(std::size_t gear, double speed_mps) const;
  void Shift(double speed_mps);

  Parameters parameters_;
  std::size_t gear_ = 0;
  double rpm_ = 0;
  double power_kw_ = 0;
  double burnt_l_ = 0;
};

}  // namespace fleet_edge::simulators
