#include "simulators/interfaces/tcp_server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/file_descriptor.h"

namespace fleet_edge::simulators {
namespace {

constexpr int kPatienceMs = 5'000;

/// Invalid when nobody listens.
FileDescriptor Connect(std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return {};
  return socket;
}

void Send(const FileDescriptor& socket, const std::string& text) {
  REQUIRE(::send(socket.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
}

std::string Receive(const FileDescriptor& socket) {
  pollfd event{.fd = socket.get(), .events = POLLIN, .revents = 0};
  REQUIRE(::poll(&event, 1, kPatienceMs) == 1);
  std::array<char, 256> bytes{};
  const auto size = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
  return size > 0 ? std::string(bytes.data(), static_cast<std::size_t>(size)) : "closed";
}

template <typename Condition>
bool TurnUntil(TcpServer& server, Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{kPatienceMs};
  while (!condition() && std::chrono::steady_clock::now() < until) server.Turn();
  return condition();
}

}  // namespace

TEST_CASE("TCP server: what a client sends is there, and what is put out leaves") {
  TcpServer server;
  server.Plug();
  const FileDescriptor client = Connect(server.port());
  REQUIRE(client);
  Send(client, "?WATCH");
  REQUIRE(TurnUntil(server, [&] {
    return !server.clients().empty() && server.clients().front().in == "?WATCH";
  }));
  server.clients().front().out = "TPV";
  server.Turn();
  CHECK(Receive(client) == "TPV");
}

TEST_CASE("TCP server: unplugged it ends connections behind what was sent, and refuses new ones") {
  TcpServer server;
  server.Plug();
  const std::uint16_t port = server.port();
  const FileDescriptor client = Connect(port);
  REQUIRE(TurnUntil(server, [&] { return !server.clients().empty(); }));
  server.clients().front().out = "last words";
  server.Unplug(std::chrono::milliseconds{20});
  CHECK(Receive(client) == "last words");
  CHECK(Receive(client) == "closed");
  CHECK_FALSE(Connect(port));

  server.Plug();
  CHECK(server.port() == port);
  CHECK(Connect(port));
}

TEST_CASE("TCP server: who is gone is dropped, and who floods") {
  TcpServer server;
  server.Plug();
  FileDescriptor client = Connect(server.port());
  REQUIRE(TurnUntil(server, [&] { return !server.clients().empty(); }));
  client = FileDescriptor();
  CHECK(TurnUntil(server, [&] { return server.clients().empty(); }));

  const FileDescriptor flood = Connect(server.port());
  REQUIRE(TurnUntil(server, [&] { return !server.clients().empty(); }));
  const std::string much(200'000, 'x');
  ::send(flood.get(), much.data(), much.size(), MSG_DONTWAIT);
  CHECK(TurnUntil(server, [&] { return server.clients().empty(); }));
}

}  // namespace fleet_edge::simulators
