#include "drivers/obd/obd_driver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/reading.h"
#include "core/time.h"
#include "drivers/obd/obd_options.h"
#include "drivers/rejections.h"
#include "tests/drivers/elm327_adapter.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

/// An engine with coolant, speed and rpm, and a gearbox with a speed of its own.
Elm327Adapter::Script Car() {
  return {{"0100", "SEARCHING...\r7E8 06 41 00 08 18 00 00\r7E9 06 41 00 00 08 00 00\r\r>"},
          {"0105", "7E80341057B\r\r>"},
          {"010C", "7E804410C1AF8\r\r>"},
          {"010D", "7E803410D32\r7E903410D33\r\r>"},
          {"ATRV", "12.4V\r\r>"}};
}

/// A driver at work.
struct Ride {
  explicit Ride(Elm327Adapter& adapter, const ObdOptions& options = {})
      : driver("test", options, adapter.Opener(), world.environment),
        thread([this](const std::stop_token& stop) { driver.Run(stop); }) {}

  /// Until a reading is `wanted`, cranking the clock; false when a minute has passed before.
  bool Await(const std::string& wanted, Duration crank = 0ms) {
    const SystemClock clock;
    for (const BootTime end = clock.Boot() + 1min; clock.Boot() < end;) {
      std::vector<Reading> taken;
      world.readings.PopAll(taken, clock.Boot() + 20ms, clock, {});
      for (const Reading& reading : taken) {
        if (Show(reading) == wanted) return true;
      }
      world.clock.Advance(crank);
    }
    return false;
  }

  /// Until the adapter is asked `command` anew, cranking the clock; for a minute at most. One
  /// large step would not do: the driver may plan its next turn only after it.
  void AwaitCommand(Elm327Adapter& adapter, const std::string& command, Duration crank) {
    adapter.Heard();
    const SystemClock clock;
    const BootTime end = clock.Boot() + 1min;
    while (!adapter.HasHeard(command, 20ms) && clock.Boot() < end) world.clock.Advance(crank);
    adapter.AwaitCommand(command);
  }

  World world;
  ObdDriver driver;
  std::jthread thread;
};

}  // namespace

TEST_CASE("ObdDriver: what the vehicle supports is asked first, then each parameter at its rate") {
  Elm327Adapter adapter(Car());
  Ride ride(adapter);
  CHECK(ride.Await("engine_coolant_celsius 83 good"));
  CHECK(ride.Await("vehicle_speed_kmh 50 good", 100ms));
  CHECK(ride.Await("engine_rpm 1726 good", 100ms));
  CHECK(ride.Await("battery_volts 12.4 good", 100ms));  // the adapter's, since the vehicle has none
  const auto heard = adapter.Heard();
  const std::vector<std::string> first(heard.begin(), heard.begin() + 8);
  CHECK(first ==
        std::vector<std::string>{"ATZ", "ATE0", "ATL0", "ATS0", "ATH1", "ATAT1", "ATSP0", "0100"});
  // The gearbox's speed is counted.
  CHECK(ride.world.Rejected(reason::kOtherSource, "vehicle_speed_kmh") > 0);
}

TEST_CASE("ObdDriver: several parameters are asked at once, where the vehicle knows that") {
  Elm327Adapter::Script car = Car();
  car["0105"] = car["010C"] = car["010D"] = "7E8037F0112\r\r>";
  // 05, 0C and 0D, in the order of their turns, as two frames.
  car["01050C0D"] = "7E81008 41057B0C1AF8\r7E8210D32AAAAAAAAAA\r\r>";
  Elm327Adapter adapter(car);
  ObdOptions options;
  options.signals["engine_coolant_celsius"] = {.pid = "05", .every = 1s};
  options.signals["engine_rpm"] = {.pid = "0C", .every = 1s};
  options.signals["vehicle_speed_kmh"] = {.pid = "0D", .every = 1s};
  Ride ride(adapter, options);
  CHECK(ride.Await("vehicle_speed_kmh 50 good"));
  adapter.AwaitCommand("01050C0D");
  CHECK(ride.Await("engine_rpm 1726 good", 100ms));
  const auto heard = adapter.Heard();
  CHECK(std::ranges::count(heard, "01050C0D") >= 1);
  CHECK(std::ranges::count(heard, "0105") == 0);
}

TEST_CASE("ObdDriver: only what is wanted is asked, under the names that are wanted") {
  Elm327Adapter adapter(Car());
  ObdOptions options;
  options.signals["intake_celsius"] = {.pid = "0x0F"};
  options.signals["engine_coolant_celsius"] = {.pid = "5", .every = 500ms};
  Ride ride(adapter, options);
  adapter.Set("0105", "7E803410519\r\r>");
  CHECK(ride.Await("engine_coolant_celsius -15 good", 100ms));
  for (const std::string& command : adapter.Heard()) {
    CHECK_MESSAGE((command.starts_with("AT") || command == "0100" || command == "0105"), command);
  }
}

TEST_CASE("ObdDriver: a vehicle that sleeps is asked seldom, and at once when it stirs") {
  Elm327Adapter::Script car = Car();
  Elm327Adapter::Script asleep{{"ATRV", "12.4V\r\r>"}};
  Elm327Adapter adapter(asleep);
  Ride ride(adapter);
  CHECK(ride.Await("battery_volts 12.4 good", 100ms));  // measured all the same
  adapter.Heard();
  const BootTime before = ride.world.clock.Boot();
  const auto asked = [&] {
    const auto heard = adapter.Heard();
    return std::ranges::count_if(heard, [](const auto& each) { return !each.starts_with("AT"); });
  };
  std::ptrdiff_t questions = 0;
  while (ride.world.clock.Boot() < before + 2min) {
    REQUIRE(ride.Await("battery_volts 12.4 good", 500ms));
    questions += asked();
  }
  CHECK(questions >= 2);
  CHECK(questions <= 4);
  for (const auto& [command, answer] : car) adapter.Set(command, answer);
  adapter.Set("ATRV", "14.1V\r\r>");
  const BootTime ignition = ride.world.clock.Boot();
  CHECK(ride.Await("vehicle_speed_kmh 50 good", 50ms));
  CHECK(ride.world.clock.Boot() - ignition < 10s);
}

TEST_CASE("ObdDriver: what the vehicle no longer says is stale, and good when it says it again") {
  Elm327Adapter adapter(Car());
  Ride ride(adapter);
  CHECK(ride.Await("vehicle_speed_kmh 50 good"));
  for (const char* const command : {"0100", "0105", "010C", "010D"}) {
    adapter.Set(command, "NO DATA\r\r>");
  }
  CHECK(ride.Await("vehicle_speed_kmh 50 stale", 100ms));
  for (const auto& [command, answer] : Car()) adapter.Set(command, answer);
  CHECK(ride.Await("vehicle_speed_kmh 50 good", 100ms));
}

TEST_CASE("ObdDriver: an adapter that is unplugged is opened again") {
  Elm327Adapter adapter(Car());
  Ride ride(adapter);
  CHECK(ride.Await("vehicle_speed_kmh 50 good"));
  adapter.Unplug();
  adapter.Set("010D", "7E803410D33\r\r>");
  CHECK(ride.Await("vehicle_speed_kmh 51 good", 100ms));
}

TEST_CASE("ObdDriver: an adapter that starts anew in mid-session is set up again") {
  for (const char* const said : {"\r\rELM327 v1.5\r\r>", "LV RESET\r\r>"}) {
    CAPTURE(said);
    Elm327Adapter adapter(Car());
    Ride ride(adapter);
    CHECK(ride.Await("vehicle_speed_kmh 50 good"));
    adapter.Heard();
    adapter.Say(said);
    adapter.Set("010D", "7E803410D33\r\r>");
    CHECK(ride.Await("vehicle_speed_kmh 51 good", 100ms));
    const auto heard = adapter.Heard();
    CHECK(std::ranges::count(heard, "ATZ") == 1);
    CHECK(std::ranges::count(heard, "ATE0") == 1);
  }
}

TEST_CASE("ObdDriver: an adapter that forgets its settings, or its commands, is set up again") {
  for (const char* const said : {"010D\r410D32\r\r>", "?\r\r>"}) {
    CAPTURE(said);
    Elm327Adapter adapter(Car());
    Ride ride(adapter);
    CHECK(ride.Await("vehicle_speed_kmh 50 good"));
    adapter.Set("010D", said);
    ride.AwaitCommand(adapter, "ATZ", 100ms);
    adapter.Set("010D", "7E803410D33\r\r>");
    CHECK(ride.Await("vehicle_speed_kmh 51 good", 100ms));
  }
}

TEST_CASE("ObdDriver: an adapter that has nothing to measure the supply with tells no voltage") {
  Elm327Adapter adapter(Car());
  adapter.Set("ATRV", "0.1V\r\r>");
  Ride ride(adapter);
  CHECK(ride.Await("vehicle_speed_kmh 50 good"));
  adapter.Set("010D", "7E803410D33\r\r>");
  CHECK(ride.Await("vehicle_speed_kmh 51 good", 100ms));
  CHECK(std::ranges::count(adapter.Heard(), "ATRV") == 1);
}

TEST_CASE("ObdDriver: a voltage that is garbled once is measured again") {
  Elm327Adapter adapter(Car());
  Ride ride(adapter);
  CHECK(ride.Await("battery_volts 12.4 good", 100ms));
  adapter.Set("ATRV", "12.\r\r>");
  ride.AwaitCommand(adapter, "ATRV", 1s);
  adapter.Set("ATRV", "12.6V\r\r>");
  CHECK(ride.Await("battery_volts 12.6 good", 100ms));
  CHECK(ride.world.Rejected(reason::kMalformed) > 0);
}

TEST_CASE("ObdDriver: an adapter that falls silent or floods is given up and opened again") {
  for (const std::string& answer : {std::string(), std::string(5000, 'A')}) {
    Elm327Adapter adapter(Car());
    adapter.Set("010D", answer);
    Ride ride(adapter);
    CHECK(ride.Await("engine_coolant_celsius 83 good"));
    adapter.AwaitCommand("010D");
    adapter.Set("010D", "7E803410D32\r\r>");
    CHECK(ride.Await("vehicle_speed_kmh 50 good", 100ms));
    CHECK(std::ranges::count(adapter.Heard(), "ATZ") == 1);
  }
}

TEST_CASE("ObdDriver: clones that refuse commands, keep their echo, or speak another dialect") {
  Elm327Adapter::Script clone = Car();
  clone["ATZ"] = "ATZ\r\r\rOBDII v1.5\r\r>";
  clone["ATE0"] = "ATE0\rOK\r\r>";
  for (const char* const command : {"ATL0", "ATS0", "ATAT1"}) clone[command] = "?\r\r>";
  clone["010D"] = "010D\r\0\0"s + "7E8 03 41 0D 32 \r\n\r\n>";
  Elm327Adapter adapter(clone);
  Ride ride(adapter);
  CHECK(ride.Await("vehicle_speed_kmh 50 good"));
}

TEST_CASE("ObdDriver: what is no adapter is told, and tried again") {
  Elm327Adapter adapter(Car());
  adapter.Set("ATE0", "?\r\r>");
  Ride ride(adapter);
  adapter.AwaitCommand("ATE0");
  adapter.Set("ATE0", "OK\r\r>");
  CHECK(ride.Await("vehicle_speed_kmh 50 good", 100ms));
}

TEST_CASE("ObdDriver: refusals and lines that are lost are counted by reason") {
  Elm327Adapter adapter(Car());
  adapter.Set("0105", "7E8037F0112\r\r>");
  adapter.Set("010C", "7E804410C1AF8<DATA ERROR\r\r>");
  Ride ride(adapter);
  CHECK(ride.Await("vehicle_speed_kmh 50 good"));
  adapter.Set("010D", "7E803410D33\r\r>");
  CHECK(ride.Await("vehicle_speed_kmh 51 good", 100ms));
  CHECK(ride.world.Rejected(reason::kDeviceError, "engine_coolant_celsius") > 0);
  CHECK(ride.world.Rejected(reason::kChecksum) > 0);
}

TEST_CASE("ObdDriver: a stop ends a request that nobody answers, at once") {
  Elm327Adapter adapter(Car());
  adapter.Set("0100", "");
  const SystemClock clock;
  BootTime stopped;
  {
    Ride ride(adapter);
    adapter.AwaitCommand("0100");
    stopped = clock.Boot();
  }
  CHECK(clock.Boot() - stopped < 1s);
}

}  // namespace fleet_edge::drivers
