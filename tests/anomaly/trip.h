#pragma once

#include "tests/anomaly/random.h"

namespace fleet_edge::anomaly {

/// What the driver does: nights, stops with the engine on or off, driving with hills and
/// standstills.
class Trip {
 public:
  explicit Trip(Random& random);

  void Step(Random& random);

  bool engine_on() const { return doing_ == Doing::kDrives || (doing_ == Doing::kStops && idles_); }

  /// How long it has been driving since the last stop.
  double driving_s() const { return doing_ == Doing::kDrives ? now_s_ - began_s_ : 0; }

  /// Of the engine's power, 0 to 1.
  double load() const { return load_; }

  /// The air that driving blows through the radiator, as a multiple of standstill's.
  double headwind() const { return headwind_; }

 private:
  enum class Doing { kParks, kDrives, kStops };

  void Next(Random& random);
  void StepRoad(Random& random);

  double now_s_ = 0;
  double began_s_ = 0;
  double ends_s_;
  Doing doing_ = Doing::kParks;
  bool idles_ = false;
  double cruising_ = 0.4;
  double hill_until_s_ = 0;
  double hill_load_ = 0;
  double standstill_until_s_ = 0;
  double load_ = 0;
  double headwind_ = 0;
};

}  // namespace fleet_edge::anomaly
