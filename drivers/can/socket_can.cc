#include <linux/can.h>
#include <linux/can/raw.h>
#include <sys/socket.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_socket.h"
#include "drivers/can/can_source.h"

namespace fleet_edge::drivers {
namespace {

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

/// Since the kernel received what it stamped with its wall clock: less than a second, or the clock
/// was set meanwhile.
Duration AgeOf(const timespec& stamp, const timespec& now) {
  const auto since = std::chrono::seconds{now.tv_sec - stamp.tv_sec} +
                     std::chrono::nanoseconds{now.tv_nsec - stamp.tv_nsec};
  const auto age = std::chrono::duration_cast<Duration>(since);
  return age < Duration{} || age > std::chrono::seconds{1} ? Duration{} : age;
}

class SocketCan : public CanSource {
 public:
  SocketCan(FileDescriptor socket, std::string name)
      : socket_(std::move(socket)), name_(std::move(name)) {
    const int on = 1;
    // NOLINTBEGIN(misc-include-cleaner): sys/socket.h has these names
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
    // NOLINTEND(misc-include-cleaner)
  }

  int fd() const override { return socket_.get(); }

  Result<void> Read(std::vector<CanFrame>& out, CanLosses& losses) override {
    std::array<iovec, kAtOnce> parts;
    std::array<mmsghdr, kAtOnce> messages;
    for (std::size_t at = 0; at < kAtOnce; ++at) {
      Message& message = messages_.at(at);
      parts.at(at) = {.iov_base = &message.frame, .iov_len = sizeof(message.frame)};
      messages.at(at) = {};
      messages.at(at).msg_hdr.msg_iov = &parts.at(at);
      messages.at(at).msg_hdr.msg_iovlen = 1;
      messages.at(at).msg_hdr.msg_control = message.control.data();
      messages.at(at).msg_hdr.msg_controllen = message.control.size();
    }
    const int count =
        ::recvmmsg(socket_.get(), messages.data(), messages.size(), MSG_DONTWAIT, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
      return Error{Error::Code::kRetry, name_ + ": " + std::strerror(errno)};
    }
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    for (int at = 0; at < count; ++at) {
      const auto place = static_cast<std::size_t>(at);
      const mmsghdr& message = messages.at(place);
      if (message.msg_len == 0) return Error{Error::Code::kRetry, name_ + ": closed"};
      if (message.msg_len == sizeof(can_frame)) {
        out.push_back(FrameOf(messages_.at(place).frame));
        ReadNotes(message.msg_hdr, now, out.back(), losses);
      } else {
        ++losses.malformed;  // CAN FD, which was not asked for
      }
    }
    return {};
  }

 private:
  struct Message {
    can_frame frame;
    alignas(
        cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(int))> control;
  };

  /// What the kernel says beside a frame: when it came, and how many it has dropped so far.
  void ReadNotes(const msghdr& header, const timespec& now, CanFrame& frame, CanLosses& losses) {
    msghdr copy = header;
    for (cmsghdr* note = CMSG_FIRSTHDR(&copy); note != nullptr; note = CMSG_NXTHDR(&copy, note)) {
      if (note->cmsg_level != SOL_SOCKET) continue;
      // NOLINTNEXTLINE(misc-include-cleaner): sys/socket.h has the name
      if (note->cmsg_type == SCM_TIMESTAMPNS) {
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(note), sizeof(stamp));
        frame.age = AgeOf(stamp, now);
      } else if (note->cmsg_type == SO_RXQ_OVFL) {
        std::uint32_t dropped = 0;
        std::memcpy(&dropped, CMSG_DATA(note), sizeof(dropped));
        losses.overrun += dropped - dropped_;  // the kernel's count turns over
        dropped_ = dropped;
      }
    }
  }

  const FileDescriptor socket_;
  const std::string name_;
  std::array<Message, kAtOnce> messages_{};
  std::uint32_t dropped_ = 0;  // as the kernel last told
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
  const std::vector<can_filter> wanted = KernelFilters(filters);
  auto socket = OpenCanSocket(interface, "bitrate 250000 listen-only on", [&wanted](int raw) {
    const can_err_mask_t errors = CAN_ERR_MASK;
    if (!wanted.empty()) {
      ::setsockopt(raw, SOL_CAN_RAW, CAN_RAW_FILTER, wanted.data(),
                   static_cast<socklen_t>(wanted.size() * sizeof(can_filter)));
    }
    ::setsockopt(raw, SOL_CAN_RAW, CAN_RAW_ERR_FILTER, &errors, sizeof(errors));
  });
  if (!socket) return socket.error();
  return MakeSocketCan(std::move(*socket), interface);
}

}  // namespace fleet_edge::drivers
