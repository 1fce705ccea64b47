#include "simulators/interfaces/tcp_server.h"

#include <asm-generic/socket.h>
#include <netinet/in.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/file_descriptor.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMostClients = 8;
constexpr std::size_t kMostBytes = 65'536;
constexpr int kLookMs = 10;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

void TcpServer::Plug() {
  listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = Loopback(port_);
  unsigned size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), kMostClients) != 0 ||
      ::getsockname(listener_.get(), any, &size) != 0) {
    throw std::runtime_error("127.0.0.1:" + std::to_string(port_) + ": " + std::strerror(errno));
  }
  port_ = ntohs(address.sin_port);
}

bool TcpServer::Unplug(std::chrono::milliseconds patience) {
  listener_ = FileDescriptor();
  const steady_clock::time_point until = steady_clock::now() + patience;
  Turn();
  for (const Client& client : clients_) ::shutdown(client.socket.get(), SHUT_WR);
  bool all = true;
  while (!clients_.empty() && steady_clock::now() < until) {
    Turn();
    ::poll(nullptr, 0, kLookMs);
  }
  for (const Client& client : clients_) all = all && client.out.empty();
  clients_.clear();
  return all;
}

void TcpServer::Turn() {
  while (listener_ && clients_.size() < kMostClients) {
    FileDescriptor socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) break;
    clients_.push_back({.socket = std::move(socket)});
  }
  clients_.remove_if([](Client& client) { return !Serve(client); });
}

bool TcpServer::Serve(Client& client) {
  std::array<char, 4096> bytes{};
  while (true) {
    const ssize_t size = ::recv(client.socket.get(), bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == EAGAIN) break;
    if (size <= 0) return false;
    client.in.append(bytes.data(), static_cast<std::size_t>(size));
    if (client.in.size() > kMostBytes) return false;
  }
  if (client.out.empty()) return true;
  const ssize_t sent =
      ::send(client.socket.get(), client.out.data(), client.out.size(), MSG_NOSIGNAL);
  if (sent > 0) client.out.erase(0, static_cast<std::size_t>(sent));
  return client.out.size() <= kMostBytes && (sent > 0 || errno == EAGAIN);
}

}  // namespace fleet_edge::simulators
