#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <string>

#include "core/file_descriptor.h"

namespace fleet_edge::simulators {

/// A server on 127.0.0.1 for a few clients, eight at most. One thread.
class TcpServer {
 public:
  /// One of them. What it has sent gathers in `in`, for the owner to take; what is put to `out`
  /// leaves with the next Turn(). Beyond 64 KiB of either it is dropped.
  struct Client {
    FileDescriptor socket;
    std::string in{};
    std::string out{};
    bool greeted = false;  ///< the owner's, as `watches` is
    bool watches = false;
  };

  /// `port` 0: one that the kernel chooses at the first Plug(), and that stays.
  explicit TcpServer(std::uint16_t port = 0) : port_(port) {}

  std::uint16_t port() const { return port_; }
  bool plugged() const { return static_cast<bool>(listener_); }
  std::list<Client>& clients() { return clients_; }
  const std::list<Client>& clients() const { return clients_; }

  /// Throws std::runtime_error when the port is taken.
  void Plug();

  /// Lets no one in and ends every connection: what was sent arrives before its end. False when a
  /// client has not taken it within `patience`.
  bool Unplug(std::chrono::milliseconds patience);

  /// Lets clients in, takes what they send, sends what is to leave, and drops who is gone.
  void Turn();

 private:
  static bool Serve(Client& client);

  std::uint16_t port_;
  FileDescriptor listener_;
  std::list<Client> clients_;  // a list keeps addresses
};

}  // namespace fleet_edge::simulators
