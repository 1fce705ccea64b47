#pragma once

namespace fleet_edge::simulators {

/// Battery, alternator and starter. A value; one thread.
class Electrics {
 public:
  struct Parameters {
    double alternator_volts;  ///< regulated
    double full_volts;        ///< the full battery at rest
    double empty_volts;       ///< the empty one
    double capacity_ah;
    double resistance_ohm;
    double load_a;    ///< with the ignition on
    double parked_a;  ///< with it off
    double cranking_a;
  };

  enum class Phase { kParked, kCranking, kRunning };

  explicit Electrics(Parameters parameters) : parameters_(parameters) { volts_ = Rest(); }

  void Step(double seconds, Phase phase, bool alternator_failed);

  double volts() const { return volts_; }  ///< at the terminals

 private:
  double Rest() const;
  double Current(Phase phase) const;

  Parameters parameters_;
  double charge_ = 0.9;  // of the capacity, 0 to 1; chosen
  double volts_ = 0;
};

}  // namespace fleet_edge::simulators
