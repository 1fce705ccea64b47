#include "agent/doctor/host.h"

#include <netdb.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "agent/doctor/deadline.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"
#include "core/timespec.h"

namespace fleet_edge::agent::doctor {
namespace {

using std::chrono::milliseconds;

HostPort ParseHost(std::string_view text, const std::string& port) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  HostPort parsed{.host = std::string(text), .port = port};
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  if (colon != std::string_view::npos &&
      (bracket == std::string_view::npos ? text.find(':') == colon : colon > bracket)) {
    parsed = {.host = std::string(text.substr(0, colon)),
              .port = std::string(text.substr(colon + 1))};
  }
  if (parsed.host.starts_with('[') && parsed.host.ends_with(']')) {
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  }
  return parsed;
}

Address AddressOf(const addrinfo& info) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(info.ai_addr);
  Address address{.bytes = {bytes, bytes + info.ai_addrlen}, .family = info.ai_family, .text = {}};
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(info.ai_addr, info.ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
    address.text = text.data();
  }
  return address;
}

/// One look-up on the C library's own thread. Given up, it goes on there and owns what it needs.
struct LookUp {
  HostPort host;
  addrinfo hints{};
  gaicb request{};
};

/// 0, or why connect(2) failed.
int Finish(int socket, const Deadline& deadline) {
  pollfd event{.fd = socket, .events = POLLOUT, .revents = 0};
  const auto left = std::chrono::ceil<milliseconds>(deadline.left());
  if (::poll(&event, 1, static_cast<int>(left.count())) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  // NOLINTNEXTLINE(misc-include-cleaner): sys/socket.h has them from the kernel's own
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

std::vector<HostPort> ParseHosts(std::string_view text, const std::string& port) {
  std::vector<HostPort> hosts;
  while (!text.empty()) {
    const auto comma = text.find(',');
    std::string_view one = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty()) hosts.push_back(ParseHost(one, port));
  }
  return hosts;
}

bool IsPort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && rest == end && port != 0;
}

Result<std::vector<Address>> Resolve(const HostPort& host, Duration limit) {
  auto look = std::make_unique<LookUp>();
  look->host = host;
  look->hints.ai_socktype = SOCK_STREAM;
  look->request.ar_name = look->host.host.c_str();
  look->request.ar_service = look->host.port.c_str();
  look->request.ar_request = &look->hints;
  std::array<gaicb*, 1> requests{&look->request};
  if (const int error = ::getaddrinfo_a(GAI_NOWAIT, requests.data(), 1, nullptr); error != 0) {
    return Error{Error::Code::kRetry, ::gai_strerror(error)};
  }
  const Deadline deadline(limit);
  while (::gai_error(&look->request) == EAI_INPROGRESS && !deadline.over()) {
    const timespec patience = ToTimespec(deadline.left());
    const std::array<const gaicb*, 1> waited{&look->request};
    ::gai_suspend(waited.data(), 1, &patience);
  }
  const int error = ::gai_error(&look->request);
  if (error == EAI_INPROGRESS) {
    // Until its own thread is through it writes here.
    if (::gai_cancel(&look->request) != EAI_CANCELED) {
      [[maybe_unused]] const LookUp* const left_to_it = look.release();
    }
    return Error{Error::Code::kRetry, "no name server answers"};
  }
  if (error != 0) return Error{Error::Code::kRetry, ::gai_strerror(error)};
  std::vector<Address> addresses;
  for (const addrinfo* info = look->request.ar_result; info != nullptr; info = info->ai_next) {
    addresses.push_back(AddressOf(*info));
  }
  ::freeaddrinfo(look->request.ar_result);
  return addresses;
}

Result<FileDescriptor> Connect(const std::vector<Address>& addresses, Duration limit) {
  const Deadline deadline(limit);
  int error = EHOSTUNREACH;
  for (const Address& address : addresses) {
    FileDescriptor socket(::socket(address.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) {
      error = errno;
      continue;
    }
    const auto* const generic = reinterpret_cast<const sockaddr*>(address.bytes.data());
    error = 0;
    if (::connect(socket.get(), generic, static_cast<socklen_t>(address.bytes.size())) != 0) {
      error = errno == EINPROGRESS ? Finish(socket.get(), deadline) : errno;
    }
    if (error == 0) return socket;
  }
  return Error{Error::Code::kRetry, std::strerror(error)};
}

}  // namespace fleet_edge::agent::doctor
