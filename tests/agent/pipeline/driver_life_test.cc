#include "agent/pipeline/driver_life.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "drivers/driver.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

/// Fails `failures` times, then works to its end.
class FailingSpec : public drivers::DriverSpec {
 public:
  FailingSpec(int failures, std::stop_source* stop) : failures_(failures), stop_(stop) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override { return std::nullopt; }
  std::unique_ptr<drivers::Driver> Make(const drivers::Environment& /*unused*/) const override {
    ++made;
    return std::make_unique<Failing>(*this);
  }

  mutable int made = 0;
  mutable int ended = 0;

 private:
  class Failing : public drivers::Driver {
   public:
    explicit Failing(const FailingSpec& spec) : spec_(spec) {}
    const std::string& name() const override { return spec_.name(); }
    void Run(std::stop_token /*stop*/) override {
      if (spec_.made > spec_.failures_) {
        ++spec_.ended;
        return;
      }
      if (spec_.stop_ != nullptr) spec_.stop_->request_stop();
      throw std::runtime_error("out of range");
    }

   private:
    const FailingSpec& spec_;
  };

  const std::string name_ = "probes";
  const int failures_;
  std::stop_source* const stop_;
};

struct World {
  HandClock clock;
  SeriesRegistry series;
  Counters counters;
  BoundedQueue<Reading> readings{10, WhenFull::kDropOldestAndCount};
  drivers::Environment environment{readings, series, counters, clock, 1};
};

}  // namespace

TEST_CASE("DriverLife: a driver that throws is counted and made anew") {
  World world;
  const FailingSpec spec(1, nullptr);
  DriverLife(spec, world.environment).Run(std::stop_source().get_token());
  CHECK(spec.made == 2);
  CHECK(spec.ended == 1);
  CHECK(world.counters.Get(kDriverFailuresTotal, {{"driver", "probes"}}).value() == 1);
}

TEST_CASE("DriverLife: a stop ends the wait for the next try") {
  World world;
  std::stop_source stop;
  const FailingSpec spec(100, &stop);
  DriverLife(spec, world.environment).Run(stop.get_token());
  CHECK(spec.made == 1);
}

}  // namespace fleet_edge::agent
