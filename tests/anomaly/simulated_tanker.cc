#include "tests/anomaly/simulated_tanker.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "tests/anomaly/fault.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kCoolantLagS = 4;
constexpr double kCoolantNoise = 0.2;
constexpr double kCargoLagS = 15;
constexpr double kCargoNoise = 0.06;
constexpr double kCargoStep = 0.0625;

}  // namespace

SimulatedTanker::SimulatedTanker(std::uint64_t seed, const Fault& fault)
    : fault_(fault),
      habits_(2 * seed),
      chance_(2 * seed + 1),
      weather_(habits_),
      trip_(habits_),
      coolant_(habits_, weather_.celsius()),
      container_(habits_, weather_.celsius()),
      coolant_sensor_(coolant_.celsius()),
      cargo_sensor_(container_.celsius()) {}

SimulatedTanker::Readings SimulatedTanker::Step() {
  now_s_ += 1;
  weather_.Step(chance_);
  trip_.Step(chance_);
  coolant_.Step(trip_, weather_.celsius(), fault_, now_s_);
  container_.Step(weather_, fault_, now_s_);
  coolant_sensor_ += (coolant_.celsius() - coolant_sensor_) / kCoolantLagS;
  cargo_sensor_ += (container_.celsius() - cargo_sensor_) / kCargoLagS;
  const double coolant = std::round(coolant_sensor_ + kCoolantNoise * chance_.Normal());
  const double cargo = cargo_sensor_ + kCargoNoise * chance_.Normal();
  return {.coolant = trip_.engine_on() ? std::optional(coolant) : std::nullopt,
          .cargo = std::round(cargo / kCargoStep) * kCargoStep};
}

}  // namespace fleet_edge::anomaly
