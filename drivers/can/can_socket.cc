#include "drivers/can/can_socket.h"

#include <linux/can.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace fleet_edge::drivers {

Result<FileDescriptor> OpenCanSocket(const std::string& interface, std::string_view how,
                                     const std::function<void(int socket)>& prepare) {
  const auto fail = [&](const std::string& what) {
    return Error{Error::Code::kRetry, interface + ": " + what};
  };
  const std::string mend =
      ". Set it up: ip link set " + interface + " up type can " + std::string(how);
  FileDescriptor socket(::socket(PF_CAN, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, CAN_RAW));
  if (!socket) {
    return fail(
        std::string("this kernel gives no CAN socket: ") + std::strerror(errno) +
        ". Load its modules (modprobe can_raw); a service needs RestrictAddressFamilies=AF_CAN");
  }
  prepare(socket.get());
  sockaddr_can address{};
  address.can_family = AF_CAN;
  address.can_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  if (address.can_ifindex == 0) return fail("no such interface" + mend);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return fail(std::strerror(errno));
  }
  // One that is down can be bound; the socket then holds the error (Linux, net/can/raw.c).
  int down = 0;
  // NOLINTNEXTLINE(misc-include-cleaner): sys/socket.h has the names
  socklen_t size = sizeof(down);
  // NOLINTNEXTLINE(misc-include-cleaner): sys/socket.h has the names
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &down, &size) == 0 && down != 0) {
    return fail(std::strerror(down) + mend);
  }
  return socket;
}

}  // namespace fleet_edge::drivers
