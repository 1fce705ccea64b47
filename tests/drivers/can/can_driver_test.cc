#include "drivers/can/can_driver.h"

#include <doctest/doctest.h>
#include <linux/can.h>
#include <netinet/in.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
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
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_source.h"
#include "drivers/rejections.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

/// A bus: a pair of sockets, of which each Open() gives one end away.
class Bus {
 public:
  CanDriver::Open Opener() {
    return [this]() -> Result<std::unique_ptr<CanSource>> {
      std::array<int, 2> ends{};
      REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
      const std::lock_guard lock(mutex_);
      ours_ = FileDescriptor(ends[0]);
      for (const can_frame& frame : waiting_) Write(frame);
      waiting_.clear();
      return MakeSocketCan(FileDescriptor(ends[1]), "can0");
    };
  }

  void Send(std::uint32_t id, std::vector<std::uint8_t> data) {
    can_frame frame{};
    frame.can_id = id;
    frame.can_dlc = static_cast<std::uint8_t>(data.size());
    std::memcpy(frame.data, data.data(), data.size());
    const std::lock_guard lock(mutex_);
    if (ours_) {
      Write(frame);
    } else {
      waiting_.push_back(frame);
    }
  }

  /// The interface is gone.
  void Unplug() {
    const std::lock_guard lock(mutex_);
    ours_ = FileDescriptor();
  }

 private:
  void Write(const can_frame& frame) const {
    CHECK(::write(ours_.get(), &frame, sizeof(frame)) == sizeof(frame));
  }

  std::mutex mutex_;
  FileDescriptor ours_;
  std::deque<can_frame> waiting_;
};

/// The next reading, shown; for a minute at most.
std::string Next(World& world) {
  const SystemClock clock;
  std::vector<Reading> taken;
  world.readings.PopAll(taken, clock.Boot() + 1min, clock, {});
  std::string shown;
  for (const Reading& reading : taken) shown += (shown.empty() ? "" : "; ") + Show(reading);
  return shown;
}

constexpr std::uint32_t kSpeed = 0x18FEF100 | CAN_EFF_FLAG;

std::vector<std::uint8_t> Speed(std::uint8_t kmh) { return {255, 0, kmh, 255, 255, 255, 255, 255}; }

}  // namespace

TEST_CASE("CanDriver: a bus is read, and again after its interface has come back") {
  World world;
  Bus bus;
  CanDriver driver("test", 10s, {}, bus.Opener(), world.environment);
  const std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  bus.Send(kSpeed, Speed(80));
  CHECK(Next(world) == "vehicle_speed_kmh 80 good");
  bus.Unplug();
  bus.Send(kSpeed, Speed(81));
  CHECK(Next(world) == "vehicle_speed_kmh 81 good");
}

TEST_CASE("CanDriver: a signal that falls silent is stale, once, until it speaks again") {
  World world;
  Bus bus;
  CanDriver driver("test", 100ms, {}, bus.Opener(), world.environment);
  const std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  bus.Send(kSpeed, Speed(80));
  CHECK(Next(world) == "vehicle_speed_kmh 80 good");
  world.clock.Advance(1s);
  CHECK(Next(world) == "vehicle_speed_kmh 80 stale");
  bus.Send(kSpeed, Speed(82));
  CHECK(Next(world) == "vehicle_speed_kmh 82 good");
}

TEST_CASE("CanDriver: errors of the bus are counted") {
  World world;
  Bus bus;
  CanDriver driver("test", 10s, {}, bus.Opener(), world.environment);
  const std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  bus.Send(CAN_ERR_FLAG | 0x40, std::vector<std::uint8_t>(8));  // bus-off
  bus.Send(kSpeed, Speed(80));
  CHECK(Next(world) == "vehicle_speed_kmh 80 good");
  CHECK(world.Rejected(reason::kBusError) == 1);
}

TEST_CASE("Slcan: an adapter on a serial port is told to listen, and read") {
  int adapter = -1;
  int port = -1;
  std::array<char, 64> name{};
  REQUIRE(::openpty(&adapter, &port, name.data(), nullptr, nullptr) == 0);
  const FileDescriptor its_end(adapter);
  const FileDescriptor held(port);  // so that the pair lives on without the driver
  World world;
  CanDriver driver(
      "test", 10s, {}, [&] { return OpenSlcan(name.data(), 250'000); }, world.environment);
  const std::jthread thread([&](const std::stop_token& stop) { driver.Run(stop); });
  std::string told;
  std::array<char, 64> bytes{};
  while (told.find("L\r") == std::string::npos) {
    const ssize_t size = ::read(adapter, bytes.data(), bytes.size());
    REQUIRE(size > 0);
    told.append(bytes.data(), static_cast<std::size_t>(size));
  }
  CHECK(told == "\rC\rS5\rL\r");
  const std::string_view said = "\a\r\rT18FEF1008FF0050FFFFFFFFFF\rT18FEF1xx\r";
  REQUIRE(::write(adapter, said.data(), said.size()) == static_cast<ssize_t>(said.size()));
  CHECK(Next(world) == "vehicle_speed_kmh 80 good");
  CHECK(world.Rejected(reason::kMalformed) == 1);
}

TEST_CASE("CanSource: a frame knows how long it has waited") {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
  const FileDescriptor bus(ends[0]);
  const auto source = MakeSocketCan(FileDescriptor(ends[1]), "can0");
  const can_frame frame{};
  const auto sent = std::chrono::steady_clock::now();
  REQUIRE(::write(bus.get(), &frame, sizeof(frame)) == sizeof(frame));
  while (std::chrono::steady_clock::now() < sent + 2ms) {
  }
  std::vector<CanFrame> frames;
  CanLosses losses;
  REQUIRE(source->Read(frames, losses));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].age >= 2ms);
  CHECK(frames[0].age < 1s);
}

TEST_CASE("CanSource: what the kernel had no room for is counted") {
  // UDP stands for the bus: a pair of local sockets would hold the sender back.
  FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const FileDescriptor bus(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const int smallest = 0;
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  // NOLINTNEXTLINE(misc-include-cleaner): sys/socket.h has these names
  REQUIRE(::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &smallest, sizeof(smallest)) == 0);
  REQUIRE(::bind(socket.get(), where, size) == 0);
  REQUIRE(::getsockname(socket.get(), where, &size) == 0);
  REQUIRE(::connect(bus.get(), where, size) == 0);
  const auto source = MakeSocketCan(std::move(socket), "can0");
  std::vector<CanFrame> frames;
  CanLosses losses;
  const can_frame frame{};
  constexpr std::size_t kSent = 500;
  for (std::size_t sent = 0; sent < kSent; ++sent) {
    REQUIRE(::write(bus.get(), &frame, sizeof(frame)) == sizeof(frame));
  }
  REQUIRE(source->Read(frames, losses));
  REQUIRE(frames.size() < kSent);
  // The kernel tells what it has dropped with the next that it takes.
  REQUIRE(::write(bus.get(), &frame, sizeof(frame)) == sizeof(frame));
  REQUIRE(source->Read(frames, losses));
  CHECK(losses.overrun == kSent + 1 - frames.size());
}

TEST_CASE("CanSource: what can't be opened is told with the mend") {
  const auto nothing = OpenSlcan("/dev/no-such-port", 250'000);
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().message ==
        "/dev/no-such-port: No such file or directory. Is the device plugged in, open to the "
        "service (DeviceAllow=), and its user in the group dialout?");
  const auto socket = OpenSocketCan("nocan7", {});
  REQUIRE_FALSE(socket);
  CHECK(socket.error().code == Error::Code::kRetry);
  CHECK(socket.error().message.starts_with("nocan7: "));
}

}  // namespace fleet_edge::drivers
