#include "drivers/obd/can_link.h"

#include <doctest/doctest.h>
#include <linux/can.h>
#include <linux/can/error.h>
#include <sys/poll.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/file_descriptor.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "drivers/obd/obd_driver.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_wait.h"
#include "drivers/rejections.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

/// `7E8 03 41 0D 32` as the bus has it; an identifier of eight digits is one of 29 bits.
can_frame Frame(const std::string& text) {
  can_frame frame{};
  const std::size_t space = text.find(' ');
  frame.can_id = static_cast<canid_t>(std::stoul(text.substr(0, space), nullptr, 16));
  if (space == 8) frame.can_id |= CAN_EFF_FLAG;
  for (std::size_t at = space; at < text.size(); at += 3) {
    frame.data[frame.can_dlc++] =
        static_cast<std::uint8_t>(std::stoul(text.substr(at + 1, 2), nullptr, 16));
  }
  return frame;
}

std::string Text(const can_frame& frame) {
  std::array<char, 12> id{};
  std::snprintf(id.data(), id.size(), (frame.can_id & CAN_EFF_FLAG) != 0 ? "%08X" : "%03X",
                frame.can_id & CAN_EFF_MASK);
  std::string text = id.data();
  for (int i = 0; i < frame.can_dlc; ++i) {
    std::array<char, 4> byte{};
    std::snprintf(byte.data(), byte.size(), " %02X", frame.data[i]);
    text += byte.data();
  }
  return text;
}

/// Answers by request.
using Script = std::map<std::string, std::vector<std::string>>;

/// A bus with control units that answer each frame by a script: a pair of sockets, and a thread.
class Vehicle {
 public:
  explicit Vehicle(Script script) : script_(std::move(script)) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) ==
            0);
    ours_ = FileDescriptor(ends[0]);
    theirs_ = FileDescriptor(ends[1]);
    thread_ = std::jthread([this] { Serve(); });
  }
  Vehicle(const Vehicle&) = delete;
  Vehicle& operator=(const Vehicle&) = delete;
  ~Vehicle() { Unplug(); }

  FileDescriptor TheirEnd() { return std::move(theirs_); }
  void Unplug() { ::shutdown(ours_.get(), SHUT_RDWR); }
  void Say(const can_frame& frame) { (void)!::send(ours_.get(), &frame, sizeof(frame), 0); }

  std::vector<std::string> Heard() {
    const std::lock_guard lock(mutex_);
    return std::exchange(heard_, {});
  }

 private:
  void Serve() {
    pollfd event{.fd = ours_.get(), .events = POLLIN, .revents = 0};
    while (::poll(&event, 1, -1) == 1) {
      can_frame frame{};
      if (::recv(ours_.get(), &frame, sizeof(frame), 0) <= 0) return;
      const std::string text = Text(frame);
      const std::lock_guard lock(mutex_);
      heard_.push_back(text);
      const auto answers = script_.find(text);
      if (answers == script_.end()) continue;
      for (const std::string& answer : answers->second) Say(Frame(answer));
    }
  }

  const Script script_;
  FileDescriptor ours_;
  FileDescriptor theirs_;
  std::mutex mutex_;
  std::vector<std::string> heard_;  // guarded by mutex_
  std::jthread thread_;
};

/// A link to it. Its deadlines are those of the machine's clock.
struct Plug {
  explicit Plug(Script script)
      : vehicle(std::move(script)), link(vehicle.TheirEnd(), "can0", wait) {}

  /// What comes to a request: `7E8 410D32; …`, then the reasons; or the error.
  std::string Ask(const std::vector<std::uint8_t>& pids, std::size_t units = 0) {
    const auto answer = link.Ask(pids, units);
    if (!answer) return answer.error().message;
    std::string shown;
    for (const auto& [unit, bytes] : answer->messages) {
      can_frame frame{};
      frame.can_id = unit > CAN_SFF_MASK ? unit | CAN_EFF_FLAG : unit;
      shown += Text(frame);
      for (const std::uint8_t byte : bytes) {
        can_frame one{};
        one.can_dlc = 1;
        one.data[0] = byte;
        shown += Text(one).substr(3);
      }
      shown += "; ";
    }
    for (const auto& reason : answer->refused) shown.append(reason).append(" ");
    return shown.empty() ? answer->why : shown;
  }

  SystemClock clock;
  std::stop_source stop;
  StopEvent stopped{stop.get_token()};
  ObdWait wait{stopped, clock, [] {}};
  Vehicle vehicle;
  CanLink link;
};

const std::string kAskSpeed = "7DF 02 01 0D 00 00 00 00 00";

}  // namespace

TEST_CASE("CanLink: all control units are asked, and all that answer are heard") {
  Plug plug(Script{{kAskSpeed, {"7E8 03 41 0D 32 AA AA AA AA", "7E9 03 41 0D 33"}}});
  CHECK(plug.Ask({0x0D}) == "7E8 41 0D 32; 7E9 41 0D 33; ");
  CHECK(plug.Ask({0x0D}, 2) == "7E8 41 0D 32; 7E9 41 0D 33; ");
  CHECK(plug.vehicle.Heard() == std::vector<std::string>{kAskSpeed, kAskSpeed});
}

TEST_CASE("CanLink: a vehicle with 29-bit identifiers is found, and then asked by these alone") {
  const std::string ask = "18DB33F1 02 01 0D 00 00 00 00 00";
  Plug plug(Script{{ask, {"18DAF110 03 41 0D 32"}}});
  CHECK(plug.Ask({0x0D}) == "18DAF110 41 0D 32; ");
  CHECK(plug.Ask({0x0D}, 1) == "18DAF110 41 0D 32; ");
  CHECK(plug.vehicle.Heard() == std::vector<std::string>{kAskSpeed, ask, ask});
}

TEST_CASE("CanLink: an answer of several frames is asked on, each unit by itself") {
  const std::string ask = "7DF 04 01 05 0C 0D 00 00 00";
  Plug plug(Script{{ask, {"7E8 10 08 41 05 7B 0C 1A F8", "7E9 03 41 0D 33"}},
                   {"7E0 30 00 00 00 00 00 00 00", {"7E8 21 0D 32 AA AA AA AA AA"}}});
  CHECK(plug.Ask({0x05, 0x0C, 0x0D}, 2) == "7E9 41 0D 33; 7E8 41 05 7B 0C 1A F8 0D 32; ");
  Plug wide(Script{{"18DB33F1 04 01 05 0C 0D 00 00 00", {"18DAF110 10 08 41 05 7B 0C 1A F8"}},
                   {"18DA10F1 30 00 00 00 00 00 00 00", {"18DAF110 21 0D 32"}}});
  CHECK(wide.Ask({0x05, 0x0C, 0x0D}, 1) == "18DAF110 41 05 7B 0C 1A F8 0D 32; ");
}

TEST_CASE("CanLink: an answer whose end is missing is counted, and does not hold up the next") {
  Plug plug(Script{{"7DF 03 01 05 0C 00 00 00 00", {"7E8 10 08 41 05 7B 0C 1A F8"}},
                   {kAskSpeed, {"7E8 03 41 0D 32"}}});
  CHECK(plug.Ask({0x05, 0x0C}) == "missing ");
  CHECK(plug.Ask({0x0D}, 1) == "7E8 41 0D 32; ");
}

TEST_CASE("CanLink: flow control is sent for answers to our requests alone") {
  // A workshop's tester reads the vehicle's number (service 09) while we ask, look and rest.
  const std::string number = "7E8 10 14 49 02 01 57 30 4C";
  Plug plug(Script{{kAskSpeed, {number, "7E8 21 30 30 30 30 34 33 4D", "7E8 03 41 0D 32"}}});
  CHECK(plug.Ask({0x0D}, 1) == "7E8 41 0D 32; unread_type ");
  plug.vehicle.Say(Frame(number));
  CHECK(plug.Ask({0x0D}, 1) == "7E8 41 0D 32; unread_type unread_type ");
  plug.vehicle.Say(Frame("7E8 10 08 41 05 7B 0C 1A F8"));  // an answer to the tester
  CHECK(plug.link.Look()->refused == std::vector<std::string_view>{"unread_type"});
  CHECK(plug.Ask({0x0D}, 1) == "7E8 41 0D 32; unread_type ");
  CHECK(plug.vehicle.Heard() == std::vector<std::string>{kAskSpeed, kAskSpeed, kAskSpeed});
}

TEST_CASE("CanLink: a unit that asks for time is waited for") {
  Plug plug(Script{{kAskSpeed, {"7E8 03 7F 01 78", "7E8 03 41 0D 32"}}});
  CHECK(plug.Ask({0x0D}, 1) == "7E8 41 0D 32; ");
}

TEST_CASE("CanLink: a refusal is an answer") {
  Plug plug(Script{{kAskSpeed, {"7E8 03 7F 01 12"}}});
  CHECK(plug.Ask({0x0D}, 1) == "7E8 7F 01 12; ");
}

TEST_CASE("CanLink: silence, other frames of the bus, and what is too late") {
  Plug plug(Script{{kAskSpeed, {"123 00", "18FEF100 FF 00 50 FF FF FF FF FF"}}});
  CHECK(plug.Ask({0x0D}) == "nobody answers on can0");
  plug.vehicle.Say(Frame("7E8 03 41 0D 32"));
  CHECK(plug.Ask({0x0D}) == "unread_type ");
  can_frame bus_off{};
  bus_off.can_id = CAN_ERR_FLAG | 0x40;
  bus_off.can_dlc = CAN_ERR_DLC;
  plug.vehicle.Say(bus_off);
  CHECK(plug.Ask({0x0D}) == "bus_error ");
}

TEST_CASE("CanLink: a bus that begins to speak is a sign of life, without a question") {
  Plug plug(Script{});
  CHECK(plug.link.Look()->bus_speaks == std::nullopt);  // has not listened yet
  CHECK(plug.link.Look()->bus_speaks == false);
  plug.vehicle.Say(Frame("123 00"));
  CHECK(plug.link.Look()->bus_speaks == true);
  CHECK(plug.link.Look()->bus_speaks == false);
  CHECK(plug.vehicle.Heard().empty());
}

TEST_CASE("CanLink: an interface that is gone, or was never there, is told") {
  Plug plug(Script{});
  plug.vehicle.Unplug();
  CHECK(plug.Ask({0x0D}) == "can0: closed");
  const auto none = CanLink::Open("nocan7", plug.wait);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Error::Code::kRetry);
  CHECK(none.error().message.starts_with("nocan7: "));
}

TEST_CASE("ObdDriver: on a CAN bus, two control units, each asked for what it has") {
  Vehicle vehicle(Script{
      {"7DF 02 01 00 00 00 00 00 00", {"7E8 06 41 00 08 18 00 01", "7E9 06 41 00 00 08 00 01"}},
      {"7DF 02 01 20 00 00 00 00 00", {"7E8 06 41 20 00 00 00 01", "7E9 06 41 20 00 02 00 00"}},
      {"7DF 02 01 40 00 00 00 00 00", {"7E8 06 41 40 44 00 00 00"}},
      {"7DF 07 01 05 0C 0D 2F 42 46", {"7E8 10 0D 41 05 0F 0C 1A F8", "7E9 05 41 0D 33 2F 80"}},
      {"7E0 30 00 00 00 00 00 00 00", {"7E8 21 0D 32 42 30 5E 46 0A"}}});
  World world;
  const auto open = [&](const ObdWait& wait) -> Result<std::unique_ptr<ObdLink>> {
    return std::unique_ptr<ObdLink>(std::make_unique<CanLink>(vehicle.TheirEnd(), "can0", wait));
  };
  ObdDriver driver("test", {}, open, world.environment);
  const std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  std::vector<Reading> taken;
  const SystemClock clock;
  for (const BootTime end = clock.Boot() + 1min; taken.empty() && clock.Boot() < end;) {
    world.readings.PopAll(taken, clock.Boot() + 20ms, clock, {});
    world.clock.Advance(20ms);
  }
  std::string shown;
  for (const Reading& reading : taken) shown += Show(reading) + "; ";
  CHECK(shown ==
        "fuel_percent 50.196078 good; engine_coolant_celsius -25 good; engine_rpm 1726 good; "
        "vehicle_speed_kmh 50 good; battery_volts 12.382 good; ambient_celsius -30 good; ");
  CHECK(world.Rejected(reason::kOtherSource, "vehicle_speed_kmh") == 1);
}

}  // namespace fleet_edge::drivers
