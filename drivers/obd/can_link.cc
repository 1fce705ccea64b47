#include "drivers/obd/can_link.h"

#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/can/can_socket.h"
#include "drivers/can/iso_tp.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/obd/obd_wait.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// ISO 15765-4: requests to all, answers of unit n and requests to it, by 11 and by 29 bits. 29-bit
// identifiers have the receiver in their second byte from the right, and the sender in the first.
constexpr std::uint32_t kToAll = 0x7DF;
constexpr std::uint32_t kFirstAnswer = 0x7E8;
constexpr std::uint32_t kLastAnswer = 0x7EF;
constexpr std::uint32_t kAnswerToRequest = 8;  // 7E8 answers to 7E0
constexpr std::uint32_t kToAll29 = 0x18DB33F1 | CAN_EFF_FLAG;
constexpr std::uint32_t kAnswer29 = 0x18DAF100 | CAN_EFF_FLAG;
constexpr std::uint32_t kRequest29 = 0x18DA00F1 | CAN_EFF_FLAG;

// P2 (50 ms) with room for a loaded bus and a busy box; P2* where a unit asks for time (ISO
// 15765-4, table 5).
constexpr Duration kAnswerWithin = milliseconds{150};
constexpr Duration kPendingWithin = seconds{5};

// Taken at once: what a loaded bus of 500 kbit/s brings in some 60 ms.
constexpr int kMaxFrames = 256;

bool IsAnswer(std::uint32_t id) {
  return (id >= kFirstAnswer && id <= kLastAnswer) || (id & ~0xFFU) == kAnswer29;
}

/// The identifier of requests to the unit that answers by `id` alone.
std::uint32_t RequestId(std::uint32_t id) {
  return (id & CAN_EFF_FLAG) == 0 ? id - kAnswerToRequest : kRequest29 | (id & 0xFFU) << 8U;
}

/// True for the first of several frames: its length has twelve bits, then the message begins (ISO
/// 15765-2, section 9.6.3).
bool BeginsMessage(std::span<const std::uint8_t> data) {
  return data.size() == CAN_MAX_DLEN && data[0] >> 4U == 1;
}

bool IsPending(const ObdAnswer::Message& message) {
  const ObdResponse response = ReadObdResponse(message.bytes);
  return response.negative == std::optional{kObdPending};
}

/// Of what nobody has asked for: it is read no further.
std::vector<std::string_view> RefusedOf(ObdAnswer unasked) {
  unasked.refused.insert(unasked.refused.end(), unasked.messages.size(), reason::kUnreadType);
  return std::move(unasked.refused);
}

}  // namespace

CanLink::CanLink(FileDescriptor socket, std::string name, const ObdWait& wait)
    : socket_(std::move(socket)), name_(std::move(name)), wait_(wait) {
  const can_err_mask_t errors = CAN_ERR_BUSOFF | CAN_ERR_CRTL | CAN_ERR_PROT;
  ::setsockopt(socket_.get(), SOL_CAN_RAW, CAN_RAW_ERR_FILTER, &errors, sizeof(errors));
  Listen(false);
}

Result<std::unique_ptr<ObdLink>> CanLink::Open(const std::string& interface, const ObdWait& wait) {
  auto socket = OpenCanSocket(interface, "bitrate 500000 restart-ms 100", [](int) {});
  if (!socket) return socket.error();
  return std::unique_ptr<ObdLink>(std::make_unique<CanLink>(std::move(*socket), interface, wait));
}

Result<ObdAnswer> CanLink::Ask(std::span<const std::uint8_t> pids, std::size_t units) {
  Listen(false);
  ObdAnswer late;
  if (const auto received = Receive(late); !received) return received.error();
  ObdAnswer answer;
  answer.refused = RefusedOf(std::move(late));
  std::array<std::uint8_t, CAN_MAX_DLEN> request{static_cast<std::uint8_t>(1 + pids.size()),
                                                 kObdService};
  std::ranges::copy(pids.first(std::min(pids.size(), most_pids())), request.begin() + 2);
  for (const bool extended : {false, true}) {
    if (extended_.value_or(extended) != extended) continue;
    if (const auto sent = Send(extended ? kToAll29 : kToAll, request); !sent) return sent.error();
    asking_ = true;
    const auto heard = Await(units, answer);
    asking_ = false;
    if (!heard) return heard.error();
    if (answer.messages.empty()) continue;
    extended_ = extended;
    return answer;
  }
  answer.why = "nobody answers on " + name_;
  return answer;
}

Result<void> CanLink::Await(std::size_t units, ObdAnswer& answer) {
  BootTime deadline = wait_.now() + kAnswerWithin;
  for (;;) {
    const bool receiving = assembly_.Receiving(wait_.now(), answer);
    if (!receiving && units > 0 && answer.messages.size() >= units) return {};
    const BootTime until =
        receiving ? std::max(deadline, wait_.now() + IsoTpReceiver::kNextFrameWithin) : deadline;
    switch (wait_.For(socket_.get(), until)) {
      case ObdWait::Outcome::kStopped:
        return Failed("stopped");
      case ObdWait::Outcome::kLate:
        // A message whose end is missing is given up and counted.
        (void)assembly_.Receiving(wait_.now() + IsoTpReceiver::kNextFrameWithin + Duration{1},
                                  answer);
        return {};
      case ObdWait::Outcome::kReady:
        if (const auto received = Receive(answer); !received) return received.error();
        if (std::erase_if(answer.messages, IsPending) > 0) {
          deadline = wait_.now() + kPendingWithin;
        }
    }
  }
}

Result<ObdSigns> CanLink::Look() {
  const bool listened = to_all_;
  bus_speaks_ = false;
  ObdAnswer unasked;
  if (const auto received = Receive(unasked); !received) return received.error();
  Listen(true);
  ObdSigns signs{.refused = RefusedOf(std::move(unasked))};
  // What the kernel held back until now says nothing.
  if (listened) signs.bus_speaks = bus_speaks_;
  return signs;
}

Result<void> CanLink::Receive(ObdAnswer& answer) {
  for (int frames = 0; frames < kMaxFrames; ++frames) {
    can_frame frame{};
    const ssize_t size = ::recv(socket_.get(), &frame, sizeof(frame), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (size <= 0) return Failed(size == 0 ? "closed" : std::strerror(errno));
    if (size != static_cast<ssize_t>(sizeof(frame))) {
      answer.refused.push_back(reason::kMalformed);
    } else if ((frame.can_id & CAN_ERR_FLAG) != 0) {
      answer.refused.push_back(reason::kBusError);
    } else if (const auto taken = Take(frame, answer); !taken) {
      return taken;
    }
  }
  return {};
}

Result<void> CanLink::Take(const can_frame& frame, ObdAnswer& answer) {
  bus_speaks_ = true;
  if (!IsAnswer(frame.can_id)) return {};
  const std::size_t length = std::min<std::size_t>(frame.can_dlc, CAN_MAX_DLEN);
  const auto data = std::span(frame.data).first(length);
  if (BeginsMessage(data) && !(asking_ && data[2] == kObdService + 0x40)) {
    // For another tester, which sends its own flow control; a second would spoil its message.
    answer.refused.push_back(reason::kUnreadType);
    return {};
  }
  const auto flow = assembly_.Take(frame.can_id & CAN_EFF_MASK, data, wait_.now(), answer);
  if (flow == IsoTpReceiver::Step::Flow::kNone) return {};
  return Send(RequestId(frame.can_id), IsoTpFlowControl(flow));
}

Result<void> CanLink::Send(std::uint32_t id, std::span<const std::uint8_t, CAN_MAX_DLEN> data) {
  can_frame frame{};
  frame.can_id = id;
  frame.can_dlc = CAN_MAX_DLEN;  // ISO 15765-4 wants all eight
  std::ranges::copy(data, std::begin(frame.data));
  const ssize_t sent = ::send(socket_.get(), &frame, sizeof(frame), MSG_DONTWAIT | MSG_NOSIGNAL);
  // A full queue: nobody on the bus acknowledges, since the vehicle sleeps.
  if (sent == static_cast<ssize_t>(sizeof(frame)) || errno == ENOBUFS || errno == EAGAIN) return {};
  return Failed(std::string(std::strerror(errno)) + ". Set the interface up: ip link set " + name_ +
                " up type can bitrate 500000 restart-ms 100");
}

void CanLink::Listen(bool to_all) {
  const std::array<can_filter, 2> answers{
      {{.can_id = kFirstAnswer, .can_mask = 0x7F8 | CAN_EFF_FLAG | CAN_RTR_FLAG},
       {.can_id = kAnswer29, .can_mask = 0x1FFF'FF00 | CAN_EFF_FLAG | CAN_RTR_FLAG}}};
  const can_filter all{.can_id = 0, .can_mask = 0};
  if (to_all) {
    ::setsockopt(socket_.get(), SOL_CAN_RAW, CAN_RAW_FILTER, &all, sizeof(all));
  } else {
    ::setsockopt(socket_.get(), SOL_CAN_RAW, CAN_RAW_FILTER, answers.data(), sizeof(answers));
  }
  to_all_ = to_all;
}

Error CanLink::Failed(std::string_view why) const {
  return {Error::Code::kRetry, name_ + ": " + std::string(why)};
}

}  // namespace fleet_edge::drivers
