#pragma once

namespace fleet_edge::simulators {

/// How a driver turns the speed wanted into acceleration. A value; one thread.
///
/// A calm driver follows within the kind's comfort. Aggressiveness above 1 scales both limits, and
/// brakes late: only once the gap is worth a hard stop.
class Driver {
 public:
  struct Habits {
    double aggressiveness = 1;     ///< scales acceleration and braking; 0.5 to 2
    double overspeed_percent = 0;  ///< beyond the speed of the cycle
  };

  /// What is comfortable in a vehicle, in m/s²; all positive.
  struct Comfort {
    double accelerate;
    double brake;
    double corner;
  };

  Driver(Habits habits, Comfort comfort) : habits_(habits), comfort_(comfort) {}

  /// The speed aimed at where the cycle asks for `cycle_mps`.
  double Aim(double cycle_mps) const { return cycle_mps * (1 + habits_.overspeed_percent / 100); }

  /// The speed at which a bend of this curvature (1/m) that begins in `metres` can still be taken.
  double BendMps(double curvature, double metres) const;

  /// The acceleration over the next `seconds`, from `speed_mps` towards `aim_mps`, both ≥ 0.
  double Acceleration(double speed_mps, double aim_mps, double seconds);

 private:
  Habits habits_;
  Comfort comfort_;
  bool braking_ = false;
};

}  // namespace fleet_edge::simulators
