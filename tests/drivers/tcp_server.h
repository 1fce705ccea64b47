#pragma once

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"

namespace fleet_edge::drivers {

/// A server on a port of its own; one client at a time.
class TcpServer {
 public:
  TcpServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket_.get(), generic, size) == 0);
    REQUIRE(::getsockname(socket_.get(), generic, &size) == 0);
    REQUIRE(::listen(socket_.get(), 1) == 0);
    port_ = ntohs(address.sin_port);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Waits for a client, for a minute at most.
  void Accept() {
    pollfd event{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&event, 1, 60'000) == 1);
    client_ = FileDescriptor(::accept(socket_.get(), nullptr, nullptr));
    REQUIRE(client_);
  }

  void Send(std::string_view text) const {
    REQUIRE(::send(client_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(text.size()));
  }

  /// The client's next line; a minute at most for each piece.
  std::string Line() const {
    std::string line;
    while (!line.ends_with('\n')) {
      pollfd event{.fd = client_.get(), .events = POLLIN, .revents = 0};
      REQUIRE(::poll(&event, 1, 60'000) == 1);
      char byte = 0;
      if (::read(client_.get(), &byte, 1) != 1) return line + "closed";
      line += byte;
    }
    line.pop_back();
    return line;
  }

  void Hang() { client_ = FileDescriptor(); }

 private:
  const FileDescriptor socket_;
  FileDescriptor client_;
  std::uint16_t port_ = 0;
};

}  // namespace fleet_edge::drivers
