#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/driver.h"
#include "drivers/obd/obd_driver.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_options.h"
#include "drivers/obd/obd_wait.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

/// Goes on by a second whenever it is looked at, so that nothing is waited for.
class LeapingClock : public Clock {
 public:
  UtcTime Now() const override { return UtcTime{now_}; }
  BootTime Boot() const override { return BootTime{now_ += 1s}; }

 private:
  mutable Duration now_ = 1h;
};

/// A driver at work on a vehicle that is told by two functions; on the test's thread.
struct Trip {
  std::function<ObdAnswer(const std::vector<std::uint8_t>&)> answer;
  std::function<ObdSigns()> signs = [] { return ObdSigns{}; };

  std::vector<std::vector<std::uint8_t>> asked{};  ///< in order
  int looks = 0;

  /// Until there were so many questions, or looks.
  void Run(std::size_t questions, int most_looks, const ObdOptions& options) {
    World world;
    const LeapingClock clock;
    const Environment environment{world.readings, world.series, world.counters, clock, 7};
    std::stop_source stop;
    const auto count = [&] {
      if (asked.size() >= questions || looks >= most_looks) stop.request_stop();
    };
    const auto open = [&](const ObdWait&) -> Result<std::unique_ptr<ObdLink>> {
      return std::unique_ptr<ObdLink>(std::make_unique<Link>(*this, count, stop.get_token()));
    };
    ObdDriver("test", options, open, environment).Run(stop.get_token());
  }

 private:
  class Link : public ObdLink {
   public:
    Link(Trip& trip, std::function<void()> count, std::stop_token stop)
        : trip_(trip), count_(std::move(count)), stop_(std::move(stop)) {}

    Result<ObdAnswer> Ask(std::span<const std::uint8_t> pids, std::size_t /*units*/) override {
      trip_.asked.emplace_back(pids.begin(), pids.end());
      count_();
      if (stop_.stop_requested()) return Error{Error::Code::kRetry, "stopped"};
      return trip_.answer(trip_.asked.back());
    }
    Result<ObdSigns> Look() override {
      ++trip_.looks;
      count_();
      return trip_.signs();
    }
    std::size_t most_pids() const override { return 1; }

   private:
    Trip& trip_;
    const std::function<void()> count_;
    const std::stop_token stop_;
  };
};

/// `bytes` from the engine.
ObdAnswer Engine(std::vector<std::uint8_t> bytes) {
  return {.messages = {{.unit = 0x7E8, .bytes = std::move(bytes)}}, .why = {}, .refused = {}};
}

ObdOptions SpeedAndSupply() {
  ObdOptions options;
  options.signals["vehicle_speed_kmh"] = {.pid = "0D", .every = 1s};
  options.signals["battery_volts"] = {.pid = "42", .every = 2s};
  return options;
}

}  // namespace

TEST_CASE("ObdDriver: the adapter's own voltage is no answer of the vehicle, which may sleep") {
  Trip trip;
  // It says once that it has a speed (0D), and no supply (42).
  trip.answer = [&](const auto&) {
    return trip.asked.size() == 1 ? Engine({0x41, 0x00, 0x00, 0x08, 0x00, 0x00}) : ObdAnswer{};
  };
  trip.signs = [] { return ObdSigns{.volts = 12.4}; };
  trip.Run(100, 30, SpeedAndSupply());
  CHECK(trip.asked.size() < 12);
}

TEST_CASE("ObdDriver: a bus that speaks all the time is not one that begins to") {
  const auto questions = [](const std::vector<bool>& heard) {
    Trip trip;
    trip.answer = [](const auto&) { return ObdAnswer{}; };
    std::size_t asked = 0;
    std::size_t at = 0;
    // The first look behind a question tells nothing, as on a CAN bus.
    trip.signs = [&] {
      if (std::exchange(asked, trip.asked.size()) != trip.asked.size()) return ObdSigns{};
      return ObdSigns{.bus_speaks = heard[at++ % heard.size()]};
    };
    trip.Run(100, 30, SpeedAndSupply());
    return trip.asked.size();
  };
  CHECK(questions({true}) < 6);
  CHECK(questions({false}) < 6);
  CHECK(questions({false, true}) > 10);
}

TEST_CASE("ObdDriver: a control unit that doesn't say at once what it has is asked again") {
  const auto asked = [](int lost) {
    Trip trip;
    trip.answer = [lost](const std::vector<std::uint8_t>& pids) mutable {
      // A speed (0D), and a supply (42), three bitmaps on.
      if (pids[0] == 0x00) return Engine({0x41, 0x00, 0x00, 0x08, 0x00, 0x01});
      if (pids[0] == 0x20 && lost-- > 0) return ObdAnswer{};
      if (pids[0] == 0x20) return Engine({0x41, 0x20, 0x00, 0x00, 0x00, 0x01});
      if (pids[0] == 0x40) return Engine({0x41, 0x40, 0x40, 0x00, 0x00, 0x00});
      if (pids[0] == 0x42) return Engine({0x41, 0x42, 0x30, 0x5E});
      return Engine({0x41, 0x0D, 0x32});
    };
    trip.Run(20, 40, SpeedAndSupply());
    return std::pair(std::ranges::count(trip.asked, std::vector<std::uint8_t>{0x0D}) > 0,
                     std::ranges::count(trip.asked, std::vector<std::uint8_t>{0x42}) > 0);
  };
  CHECK(asked(0) == std::pair(true, true));
  CHECK(asked(2) == std::pair(true, true));
  CHECK(asked(3) == std::pair(true, false));  // what is known is read
}

}  // namespace fleet_edge::drivers
