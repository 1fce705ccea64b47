// The part of the driver that opens SocketCAN's interface. vcan_test.py makes the interface and
// names it.
#include <doctest/doctest.h>
#include <linux/can.h>
#include <net/if.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "core/file_descriptor.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_source.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

std::string Interface() {
  const char* const name = std::getenv("FLEET_EDGE_VCAN");
  REQUIRE(name != nullptr);
  return name;
}

/// Another node of the bus.
class Node {
 public:
  Node() : socket_(::socket(PF_CAN, SOCK_RAW | SOCK_CLOEXEC, CAN_RAW)) {
    sockaddr_can address{};
    address.can_family = AF_CAN;
    address.can_ifindex = static_cast<int>(::if_nametoindex(Interface().c_str()));
    REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
            0);
  }

  void Send(std::uint32_t id) const {
    can_frame frame{};
    frame.can_id = id;
    frame.can_dlc = 1;
    REQUIRE(::write(socket_.get(), &frame, sizeof(frame)) == sizeof(frame));
  }

 private:
  const FileDescriptor socket_;
};

}  // namespace

TEST_CASE("SocketCan: the kernel hands on what the filters want, in its form, and no requests") {
  const std::array<CanFilter, 2> wanted{{
      {.id = 0x00FEF100, .mask = 0x03FFFF00, .extended = true},
      {.id = 0x100, .mask = 0x1FFFFFFF, .extended = false},
  }};
  auto source = OpenSocketCan(Interface(), wanted);
  REQUIRE(source);
  const Node node;
  for (const std::uint32_t id :
       {0x18FEF200U | CAN_EFF_FLAG, 0x100U | CAN_EFF_FLAG, 0x100U | CAN_RTR_FLAG, 0x101U,
        0x0CFEF131U | CAN_EFF_FLAG, 0x100U}) {
    node.Send(id);
  }
  std::vector<CanFrame> frames;
  CanLosses losses;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (frames.size() < 2 && std::chrono::steady_clock::now() < deadline) {
    pollfd event{.fd = (*source)->fd(), .events = POLLIN, .revents = 0};
    ::poll(&event, 1, 1000);
    REQUIRE((*source)->Read(frames, losses));
  }
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].id == 0x0CFEF131);
  CHECK(frames[0].extended);
  CHECK(frames[1].id == 0x100);
  CHECK_FALSE(frames[1].extended);
  CHECK(frames[1].age < 10s);
  CHECK(losses.malformed == 0);
}

TEST_CASE("SocketCan: more filters than the kernel takes let everything pass") {
  std::vector<CanFilter> many;
  for (std::uint32_t id = 0; id < 600; ++id) many.push_back({.id = id, .mask = 0x7FF});
  auto source = OpenSocketCan(Interface(), many);
  REQUIRE(source);
  const Node node;
  node.Send(0x7FF);
  pollfd event{.fd = (*source)->fd(), .events = POLLIN, .revents = 0};
  CHECK(::poll(&event, 1, 10'000) == 1);
}

TEST_CASE("SocketCan: an interface that isn't there is told with the mend") {
  const auto nothing = OpenSocketCan("nocan7", {});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().message ==
        "nocan7: no such interface. Set it up: ip link set nocan7 up type can bitrate 250000 "
        "listen-only on");
}

}  // namespace fleet_edge::drivers
