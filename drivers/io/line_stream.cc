#include "drivers/io/line_stream.h"

#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "core/stop_event.h"

namespace fleet_edge::drivers {

LineStream::Event LineStream::Wait(std::chrono::milliseconds pause, const StopEvent& stopped,
                                   const OnLine& on_line) {
  std::array<pollfd, 2> events{{{.fd = file_.get(), .events = POLLIN, .revents = 0},
                                {.fd = stopped.fd(), .events = POLLIN, .revents = 0}}};
  ::poll(events.data(), events.size(), static_cast<int>(pause.count()));
  if (events[1].revents != 0) return Event::kStopped;
  if (events[0].revents == 0) return Event::kPause;
  std::array<char, 4096> bytes{};
  const ssize_t size = ::read(file_.get(), bytes.data(), bytes.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Event::kPause;
  if (size <= 0) {
    why_ = size == 0 ? "closed" : std::strerror(errno);
    return Event::kGone;
  }
  bytes_ += static_cast<std::size_t>(size);
  lines_.Take({bytes.data(), static_cast<std::size_t>(size)}, on_line);
  return Event::kBytes;
}

bool LineStream::Send(std::string_view text) {
  return ::send(file_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

}  // namespace fleet_edge::drivers
