#include "agent/status/control_socket.h"

#include <fcntl.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>  // NOLINT(misc-include-cleaner): POSIX has timeval here
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/stop_event.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::steady_clock;

constexpr const char* kName = "outbox.sock";
constexpr int kWaiting = 8;
constexpr std::size_t kMaxRequest = 256;
constexpr int kRestMs = 100;

// Of the agent: longer, a client would keep others from asking.
constexpr std::chrono::seconds kAskWithin{1};
constexpr std::chrono::seconds kTakeWithin{3};  // some MB, on a box that is busy

// Of who asks, for the next bytes: the agent itself may wait 0.8 s for its uplink.
constexpr timeval kPatience{.tv_sec = 1, .tv_usec = 0};

Error Failure(const std::string& directory, const char* what) {
  return {Error::Code::kRetry, directory + "/" + kName + ": " + what + ": " + std::strerror(errno)};
}

/// The socket's address by way of the open directory: a path may be longer than sun_path's 108
/// bytes.
sockaddr_un AddressIn(int directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", directory,
                kName);
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // as bind(2) asks
}

void SetPatience(int socket) {
  // NOLINTBEGIN(misc-include-cleaner): sys/socket.h has them from the kernel's own
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  // NOLINTEND(misc-include-cleaner)
}

bool SendAll(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Waits until `client` is ready for `event`. False when `within` is over first, counted from this
/// object's beginning, or the stop comes.
class Patience {
 public:
  Patience(const StopEvent& stopped, int client, std::chrono::milliseconds within)
      : stopped_(stopped), client_(client), deadline_(steady_clock::now() + within) {}

  bool Await(short event) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - steady_clock::now());
    std::array<pollfd, 2> events{{{.fd = client_, .events = event, .revents = 0},
                                  {.fd = stopped_.fd(), .events = POLLIN, .revents = 0}}};
    return left.count() > 0 &&
           ::poll(events.data(), events.size(), static_cast<int>(left.count())) > 0 &&
           events.back().revents == 0;
  }

 private:
  const StopEvent& stopped_;
  const int client_;
  const steady_clock::time_point deadline_;
};

/// The line that a client sends; nothing when it does not come in time.
std::optional<std::string> Question(int client, const Patience& patience) {
  std::string request;
  std::array<char, kMaxRequest> bytes{};
  while (request.find('\n') == std::string::npos && request.size() < kMaxRequest) {
    if (!patience.Await(POLLIN)) return std::nullopt;
    const ssize_t size = ::recv(client, bytes.data(), bytes.size(), 0);
    if (size <= 0) return std::nullopt;
    request.append(bytes.data(), static_cast<std::size_t>(size));
  }
  return request.substr(0, request.find('\n'));
}

}  // namespace

ControlSocket::ControlSocket(FileDescriptor listener, std::string directory, Answer answer)
    : listener_(std::move(listener)),
      directory_(std::move(directory)),
      answer_(std::move(answer)) {}

Result<std::unique_ptr<ControlSocket>> ControlSocket::Open(const std::string& directory,
                                                           Answer answer) {
  const FileDescriptor folder(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!folder || !listener) {
    return Failure(directory, "can't be made");
  }
  ::unlinkat(folder.get(), kName, 0);
  const sockaddr_un address = AddressIn(folder.get());
  if (::bind(listener.get(), Generic(address), sizeof(address)) != 0 ||
      ::fchmodat(folder.get(), kName, 0660, 0) != 0 || ::listen(listener.get(), kWaiting) != 0) {
    return Failure(directory, "can't be listened on");
  }
  return std::unique_ptr<ControlSocket>(
      new ControlSocket(std::move(listener), directory, std::move(answer)));
}

ControlSocket::~ControlSocket() { ::unlink((directory_ + "/" + kName).c_str()); }

void ControlSocket::Run(const std::stop_token& stop) {
  const StopEvent stopped(stop);
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> events{{{.fd = listener_.get(), .events = POLLIN, .revents = 0},
                                  {.fd = stopped.fd(), .events = POLLIN, .revents = 0}}};
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    const FileDescriptor client(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client) {
      Serve(client.get(), stopped);
    } else {
      ::poll(&events.back(), 1, kRestMs);  // no file descriptor is left, perhaps
    }
  }
}

void ControlSocket::Serve(int client, const StopEvent& stopped) const {
  const auto question = Question(client, {stopped, client, kAskWithin});
  if (!question) return;
  const std::string answer = answer_(*question);
  const Patience patience(stopped, client, kTakeWithin);
  std::string_view left = answer;
  while (!left.empty() && patience.Await(POLLOUT)) {
    const ssize_t sent = ::send(client, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Result<std::string> AskAgent(const std::string& directory, std::string_view request) {
  const FileDescriptor folder(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!folder || !socket) return Failure(directory, "can't be opened");
  SetPatience(socket.get());
  const sockaddr_un address = AddressIn(folder.get());
  if (::connect(socket.get(), Generic(address), sizeof(address)) != 0 ||
      !SendAll(socket.get(), std::string(request) + "\n")) {
    return Failure(directory, "no agent answers");
  }
  std::string answer;
  std::array<char, 4096> bytes{};
  ssize_t size = 0;
  while ((size = ::recv(socket.get(), bytes.data(), bytes.size(), 0)) > 0) {
    answer.append(bytes.data(), static_cast<std::size_t>(size));
  }
  if (size < 0) return Failure(directory, "the agent doesn't answer");
  if (answer.empty()) {
    return Error{Error::Code::kRetry,
                 directory + "/" + kName + ": the agent doesn't answer: it hung up"};
  }
  return answer;
}

}  // namespace fleet_edge::agent
