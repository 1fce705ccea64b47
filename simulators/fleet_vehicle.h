#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {

/// How many series each vehicle of a fleet measures.
inline constexpr std::size_t kFleetSeries = 20;

/// What they are, the same for all vehicles; lives as long as the program.
std::span<const SeriesName, kFleetSeries> FleetSeries();

/// Values by series, in the catalogue's unit, rounded to its resolution.
using FleetValues = std::array<double, kFleetSeries>;

/// What one vehicle of a fleet measures, as a function of the instant alone: who has the plan can
/// work out any value, so that nobody needs to keep it. Waves, noise, and every few minutes a
/// trouble for which rules must raise an alert; no physics.
///
/// A value. The same on all machines whose libm rounds alike: run and verify with the same build.
class FleetVehicle {
 public:
  /// `number` counts from 0.
  FleetVehicle(const FleetPlan& plan, std::uint32_t number);

  /// When it measures for the `instant`-th time, from 0: once a second, up to kMostJitter late.
  UtcTime TimeOf(std::uint32_t instant) const;

  /// Inverse of TimeOf(). Nothing when it never measures then.
  std::optional<std::uint32_t> InstantAt(UtcTime time) const;

  FleetValues ValuesAt(std::uint32_t instant) const;

  /// When it begins, without jitter.
  UtcTime begin() const { return begin_; }

  static constexpr Duration kMostJitter = std::chrono::milliseconds{20};

 private:
  enum class Trouble : std::uint8_t { kNone, kEngine, kCargo1, kCargo2, kSpeed };

  /// A trouble and how far it has come, 0 to 1.
  struct Episode {
    Trouble trouble = Trouble::kNone;
    double strength = 0;
  };

  /// base + swing · sin(2π (s + shift) / period).
  struct Wave {
    double base;
    double swing;
    double period_s;
    double shift_s;

    double At(double seconds) const;
    /// Integral from 0, in value · seconds.
    double SumTo(double seconds) const;
  };

  double Random(std::uint32_t instant, std::uint64_t purpose) const;
  double Noise(std::uint32_t instant, std::uint64_t purpose, double reach) const;
  Episode EpisodeAt(std::uint32_t instant) const;
  double SpeedKmh(std::uint32_t instant, const Episode& episode) const;

  std::uint64_t key_;  // of its random numbers
  UtcTime begin_;
  std::uint32_t seconds_;
  std::uint32_t troubles_every_s_;
  Wave cruise_;
  Wave traffic_;
  Wave coolant_;
  Wave cargo_;
  Wave ambient_;
  double odometer_km_;
  double fuel_percent_;
  double latitude_;
  double longitude_;
  double loop_km_;  // it drives round and round
};

/// `truck-17` for number 16.
std::string FleetVehicleName(const FleetPlan& plan, std::uint32_t number);

}  // namespace fleet_edge::simulators
