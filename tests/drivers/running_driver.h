#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/table.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {

/// The driver "test" of a kind, with options such as `{device: /dev/ttyUSB0}`. Fails the test when
/// they are wrong.
inline std::unique_ptr<Driver> MakeDriver(World& world, const std::string& kind,
                                          const std::string& options) {
  Diagnostics diagnostics;
  const YamlNode node =
      ParseYaml("{name: test, " + kind + ": " + options + "}", "f.yaml", diagnostics);
  const auto spec = ParseDriver(node, {"truck-1"}, Section::Context{"f.yaml", diagnostics});
  for (const Diagnostic& diagnostic : diagnostics) FAIL(ToString(diagnostic));
  return spec->Make(world.environment);
}

/// A driver on its thread, from construction to destruction.
class RunningDriver {
 public:
  RunningDriver(World& world, const std::string& kind, const std::string& options)
      : driver_(MakeDriver(world, kind, options)),
        thread_([this](std::stop_token stop) { driver_->Run(std::move(stop)); }) {}

 private:
  const std::unique_ptr<Driver> driver_;
  std::jthread thread_;
};

/// The next readings that come together, shown; for a minute at most.
inline std::string Next(World& world) {
  const SystemClock clock;
  std::vector<Reading> taken;
  world.readings.PopAll(taken, clock.Boot() + std::chrono::minutes{1}, clock, {});
  std::string shown;
  for (const Reading& reading : taken) shown += (shown.empty() ? "" : "; ") + Show(reading);
  return shown;
}

}  // namespace fleet_edge::drivers
