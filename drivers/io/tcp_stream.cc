#include "drivers/io/tcp_stream.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/stop_event.h"
#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

using Found = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// By the numbers alone: asks no name server. Null when it is no address.
Found Resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) found = nullptr;
  return {found, &::freeaddrinfo};
}

/// Waits until the connection stands or has failed: 0 or its errno.
int AwaitConnection(int socket, Duration limit, const StopEvent& stopped) {
  std::array<pollfd, 2> events{{{.fd = socket, .events = POLLOUT, .revents = 0},
                                {.fd = stopped.fd(), .events = POLLIN, .revents = 0}}};
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(limit).count();
  const int ready = ::poll(events.data(), events.size(), static_cast<int>(milliseconds));
  if (ready < 0) return errno;
  if (events[0].revents == 0) return events[1].revents != 0 ? ECANCELED : ETIMEDOUT;
  int failure = 0;
  socklen_t size = sizeof(failure);
  // NOLINTNEXTLINE(misc-include-cleaner): POSIX has both names in sys/socket.h
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) return errno;
  return failure;
}

}  // namespace

std::optional<TcpAddress> ParseTcpAddress(std::string_view text, std::uint16_t port) {
  TcpAddress address{.host = {}, .port = port};
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    address.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const auto colon = text.find(':');
    address.host = text.substr(0, colon);
    if (colon != std::string_view::npos) rest = text.substr(colon);
  }
  if (!rest.empty()) {
    if (!rest.starts_with(':')) return std::nullopt;
    rest.remove_prefix(1);
    const char* const end = rest.data() + rest.size();
    const auto [stop, error] = std::from_chars(rest.data(), end, address.port);
    if (error != std::errc{} || stop != end) return std::nullopt;
  }
  if (address.host == "localhost") address.host = "127.0.0.1";
  if (address.port == 0 || Resolve(address.host, "1") == nullptr) return std::nullopt;
  return address;
}

Result<FileDescriptor> ConnectTcp(const TcpAddress& address, Duration limit,
                                  const StopEvent& stopped) {
  const std::string port = std::to_string(address.port);
  const auto fail = [&](int number) {
    return Error{Error::Code::kRetry, address.host + " port " + port + ": " +
                                          std::strerror(number) +
                                          ". Is the device on, and reached from here?"};
  };
  const Found found = Resolve(address.host, port);
  if (found == nullptr) return fail(EINVAL);
  FileDescriptor socket(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!socket) return fail(errno);
  if (::connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return fail(errno);
    if (const int failure = AwaitConnection(socket.get(), limit, stopped)) return fail(failure);
  }
  const int on = 1;
  (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return socket;
}

}  // namespace fleet_edge::drivers
