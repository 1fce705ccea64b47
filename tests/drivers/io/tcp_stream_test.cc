#include "drivers/io/tcp_stream.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/stop_event.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

std::string Parse(const char* text) {
  const auto address = ParseTcpAddress(text, 2947);
  return address ? address->host + " " + std::to_string(address->port) : "none";
}

/// A socket on a free port of 127.0.0.1; it listens when told to.
struct Server {
  Server() : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket.get(), generic, size) == 0);
    REQUIRE(::getsockname(socket.get(), generic, &size) == 0);
    port = ntohs(address.sin_port);
  }
  FileDescriptor socket;
  std::uint16_t port = 0;
};

TEST_CASE("addresses") {
  CHECK(Parse("192.168.0.10:35000") == "192.168.0.10 35000");
  CHECK(Parse("192.168.0.10") == "192.168.0.10 2947");
  CHECK(Parse("[::1]:1") == "::1 1");
  CHECK(Parse("[fe80::1]") == "fe80::1 2947");
  CHECK(Parse("localhost:2947") == "127.0.0.1 2947");
  for (const char* const bad : {"", ":", "host:1", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "[::1",
                                "[::1]x1", "1.2.3.4:1x", "::1"}) {
    CHECK_MESSAGE(Parse(bad) == "none", bad);
  }
}

TEST_CASE("connects to what listens, and says so of what does not") {
  const std::stop_source stop;
  const StopEvent stopped(stop.get_token());
  const Server server;
  const TcpAddress address{.host = "127.0.0.1", .port = server.port};
  const auto refused = ConnectTcp(address, seconds{5}, stopped);
  REQUIRE(!refused);
  CHECK(refused.error().code == Error::Code::kRetry);
  CHECK(refused.error().message.find("Connection refused") != std::string::npos);
  REQUIRE(::listen(server.socket.get(), 1) == 0);
  CHECK(ConnectTcp(address, seconds{5}, stopped));
}

}  // namespace
}  // namespace fleet_edge::drivers
