#include <linux/can.h>
#include <linux/can/raw.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "drivers/can_frame.h"
#include "drivers/can_source.h"

namespace fleet_edge::drivers {
namespace {

// Read at once: what a loaded bus of 500 kbit/s brings in some 60 ms.
constexpr int kMaxFrames = 256;

CanFrame FrameOf(const can_frame& raw) {
  CanFrame frame;
  frame.extended = (raw.can_id & CAN_EFF_FLAG) != 0;
  frame.id = raw.can_id & (frame.extended ? CAN_EFF_MASK : CAN_SFF_MASK);
  if ((raw.can_id & CAN_ERR_FLAG) != 0) {
    frame.kind = CanFrame::Kind::kError;
    frame.id = raw.can_id & CAN_ERR_MASK;
  } else if ((raw.can_id & CAN_RTR_FLAG) != 0) {
    frame.kind = CanFrame::Kind::kRemote;
    return frame;  // its length is that of what it asks for
  }
  frame.length = std::min<std::uint8_t>(raw.can_dlc, CAN_MAX_DLEN);
  std::copy_n(raw.data, frame.length, frame.bytes.begin());
  return frame;
}

class SocketCan : public CanSource {
 public:
  SocketCan(FileDescriptor socket, std::string name)
      : socket_(std::move(socket)), name_(std::move(name)) {}

  int fd() const override { return socket_.get(); }

  Result<void> Read(std::vector<CanFrame>& out, std::uint64_t& malformed) override {
    for (int frames = 0; frames < kMaxFrames; ++frames) {
      can_frame raw{};
      const ssize_t size = ::recv(socket_.get(), &raw, sizeof(raw), MSG_DONTWAIT);
      if (size == static_cast<ssize_t>(sizeof(raw))) {
        out.push_back(FrameOf(raw));
      } else if (size > 0) {
        ++malformed;  // CAN FD, which was not asked for
      } else if (size == 0) {
        return Error{Error::Code::kRetry, name_ + ": closed"};
      } else if (errno == EAGAIN || errno == EINTR) {
        return {};
      } else {
        return Error{Error::Code::kRetry, name_ + ": " + std::strerror(errno)};
      }
    }
    return {};
  }

 private:
  const FileDescriptor socket_;
  const std::string name_;
};

/// Data frames alone; nothing when there are too many for the kernel, so that all pass.
std::vector<can_filter> KernelFilters(std::span<const CanFilter> filters) {
  std::vector<can_filter> raw;
  if (filters.size() > CAN_RAW_FILTER_MAX) return raw;
  for (const CanFilter& filter : filters) {
    raw.push_back({.can_id = filter.id | (filter.extended ? CAN_EFF_FLAG : 0),
                   .can_mask = filter.mask | CAN_EFF_FLAG | CAN_RTR_FLAG});
  }
  return raw;
}

}  // namespace

std::unique_ptr<CanSource> MakeSocketCan(FileDescriptor socket, std::string name) {
  return std::make_unique<SocketCan>(std::move(socket), std::move(name));
}

Result<std::unique_ptr<CanSource>> OpenSocketCan(const std::string& interface,
                                                 std::span<const CanFilter> filters) {
  const auto fail = [&](const std::string& what) {
    return Error{Error::Code::kRetry, interface + ": " + what};
  };
  FileDescriptor socket(::socket(PF_CAN, SOCK_RAW | SOCK_CLOEXEC, CAN_RAW));
  if (!socket) {
    return fail(std::string("this kernel gives no CAN socket: ") + std::strerror(errno) +
                ". Load its modules: modprobe can_raw");
  }
  const std::vector<can_filter> wanted = KernelFilters(filters);
  const can_err_mask_t errors = CAN_ERR_MASK;
  if (!wanted.empty()) {
    ::setsockopt(socket.get(), SOL_CAN_RAW, CAN_RAW_FILTER, wanted.data(),
                 static_cast<socklen_t>(wanted.size() * sizeof(can_filter)));
  }
  ::setsockopt(socket.get(), SOL_CAN_RAW, CAN_RAW_ERR_FILTER, &errors, sizeof(errors));
  sockaddr_can address{};
  address.can_family = AF_CAN;
  address.can_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  if (address.can_ifindex == 0) {
    return fail("no such interface. Set it up: ip link set " + interface +
                " up type can bitrate 250000 listen-only on");
  }
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return fail(std::strerror(errno));
  }
  return MakeSocketCan(std::move(socket), interface);
}

}  // namespace fleet_edge::drivers
