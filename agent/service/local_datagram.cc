#include "agent/service/local_datagram.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"

namespace fleet_edge::agent {

int SendLocalDatagram(const std::string& path, std::string_view text) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) return EINVAL;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';
  // An abstract name is as long as it is said to be; of a file the zero at its end belongs to it.
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() +
                                           (path.front() == '@' ? 0 : 1));
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);  // as sendto(2) asks
  ssize_t sent = -1;
  do {
    sent = ::sendto(socket.get(), text.data(), text.size(), MSG_NOSIGNAL, generic, size);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

}  // namespace fleet_edge::agent
