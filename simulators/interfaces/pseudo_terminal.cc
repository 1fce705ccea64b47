#include "simulators/interfaces/pseudo_terminal.h"

#include <asm-generic/ioctls.h>
#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): pseudo-terminals are POSIX
#include <sys/ioctl.h>
#include <sys/poll.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostWaiting = 65'536;
// The kernel hands bytes over to the other end in the background: one look at an empty queue proves
// nothing.
constexpr milliseconds kLook{10};
constexpr int kLooks = 3;

}  // namespace

void PseudoTerminal::Plug() {
  const auto fail = [this] { throw std::runtime_error(link_ + ": " + std::strerror(errno)); };
  master_ = FileDescriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!master_ || ::grantpt(master_.get()) != 0 || ::unlockpt(master_.get()) != 0) fail();
  std::array<char, 64> name{};
  if (::ptsname_r(master_.get(), name.data(), name.size()) != 0) fail();
  name_ = name.data();
  // As a device without a line discipline: nothing is echoed before its reader has set it up.
  const FileDescriptor other(::open(name_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  if (!other || ::tcgetattr(other.get(), &settings) != 0) fail();
  ::cfmakeraw(&settings);
  if (::tcsetattr(other.get(), TCSANOW, &settings) != 0) fail();
  ::unlink(link_.c_str());
  if (::symlink(name_.c_str(), link_.c_str()) != 0) fail();
}

void PseudoTerminal::Unplug() {
  if (!master_) return;
  ::unlink(link_.c_str());
  master_ = FileDescriptor();
  waiting_.clear();
}

bool PseudoTerminal::attended() const {
  if (!master_) return false;
  pollfd event{.fd = master_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&event, 1, 0) >= 0 && (event.revents & POLLHUP) == 0;
}

std::string PseudoTerminal::Read() {
  std::string bytes;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t size = ::read(master_.get(), part.data(), part.size());
    if (size <= 0) return bytes;
    bytes.append(part.data(), static_cast<std::size_t>(size));
  }
}

bool PseudoTerminal::Write(std::string_view bytes) {
  if (!attended()) {
    waiting_.clear();
    return false;
  }
  if (waiting_.size() + bytes.size() > kMostWaiting) return false;
  waiting_ += bytes;
  Push();
  return true;
}

bool PseudoTerminal::Push() {
  const ssize_t sent = ::write(master_.get(), waiting_.data(), waiting_.size());
  if (sent > 0) waiting_.erase(0, static_cast<std::size_t>(sent));
  return waiting_.empty();
}

bool PseudoTerminal::Unread() const {
  const FileDescriptor other(::open(name_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  int unread = 0;
  return other && ::ioctl(other.get(), FIONREAD, &unread) == 0 && unread > 0;
}

bool PseudoTerminal::Drain(milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (int empty = 0; empty < kLooks;) {
    if (!attended() || std::chrono::steady_clock::now() >= until) return false;
    empty = Push() && !Unread() ? empty + 1 : 0;
    ::poll(nullptr, 0, static_cast<int>(kLook.count()));
  }
  return true;
}

}  // namespace fleet_edge::simulators
