#pragma once

namespace fleet_edge::simulators {

/// One zone of a container: the air, in which its sensor hangs, and the product, two lumps of heat
/// behind a wall. A value; one thread.
class Container {
 public:
  struct Parameters {
    double air_kj_k;      ///< of the air with lining, shell and evaporator
    double product_kj_k;  ///< mass times specific heat
    double product_kw_k;  ///< between air and product
    double wall_kw_k;     ///< K times area
    double cooler_kw;     ///< 0: not cooled
    double setpoint_celsius;
    double band_celsius;   ///< the cooler goes on this far above the setpoint, off below it
    double door_height_m;  ///< 0: no door
    double door_area_m2;
  };

  /// What happens to it.
  struct Troubles {
    bool cooler_failed = false;
    bool door_open = false;
    double fire_kw = 0;  ///< heat from a fire at its wall
  };

  Container(Parameters parameters, double celsius)
      : parameters_(parameters), air_celsius_(celsius), product_celsius_(celsius) {}

  /// `seconds` (at most 5) with air of `outside` behind an open door and `wall` at the wall, which
  /// the sun warms; both in °C.
  void Step(double seconds, double outside, double wall, Troubles troubles);

  double celsius() const { return air_celsius_; }

 private:
  double DoorKw(double outside) const;

  Parameters parameters_;
  double air_celsius_;
  double product_celsius_;
  bool cooling_ = false;
};

}  // namespace fleet_edge::simulators
