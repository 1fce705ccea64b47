#pragma once

#include <doctest/doctest.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "drivers/obd/elm327_link.h"
#include "drivers/obd/obd_driver.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_wait.h"

namespace fleet_edge::drivers {

/// An ELM327 on a pair of sockets, which answers each command by its script, on a thread of its
/// own.
class Elm327Adapter {
 public:
  using Script = std::map<std::string, std::string>;

  explicit Elm327Adapter(Script vehicle) : script_(std::move(vehicle)) {}
  Elm327Adapter(const Elm327Adapter&) = delete;
  Elm327Adapter& operator=(const Elm327Adapter&) = delete;
  ~Elm327Adapter() { Unplug(); }

  ObdDriver::Open Opener() {
    return [this](const ObdWait& wait) -> Result<std::unique_ptr<ObdLink>> {
      std::array<int, 2> ends{};
      REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) ==
              0);
      thread_ = {};  // the last one's end
      {
        const std::lock_guard lock(mutex_);
        ours_ = FileDescriptor(ends[0]);
      }
      thread_ = std::jthread([this, socket = ends[0]] { Serve(socket); });
      return Elm327Link::Open(FileDescriptor(ends[1]), "adapter", wait);
    };
  }

  void Set(const std::string& command, std::string answer) {
    const std::lock_guard lock(mutex_);
    script_[command] = std::move(answer);
  }

  /// All commands since the last call.
  std::vector<std::string> Heard() {
    const std::lock_guard lock(mutex_);
    return std::exchange(heard_, {});
  }

  /// Until `command` has come, which Heard() then forgets with all before it; for a minute at most.
  void AwaitCommand(const std::string& command) {
    CHECK(HasHeard(command, std::chrono::minutes{1}));
    Heard();
  }

  /// Whether `command` has come, or does `within` that time.
  bool HasHeard(const std::string& command, std::chrono::milliseconds within) {
    std::unique_lock lock(mutex_);
    return spoken_to_.wait_for(lock, within,
                               [&] { return std::ranges::find(heard_, command) != heard_.end(); });
  }

  /// Says something unasked.
  void Say(std::string_view text) {
    const std::lock_guard lock(mutex_);
    Write(ours_.get(), text);
  }

  void Unplug() {
    const std::lock_guard lock(mutex_);
    if (ours_) ::shutdown(ours_.get(), SHUT_RDWR);
  }

 private:
  static void Write(int socket, std::string_view text) {
    (void)!::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
  }

  void Serve(int socket) {
    std::string command;
    pollfd event{.fd = socket, .events = POLLIN, .revents = 0};
    while (::poll(&event, 1, -1) == 1) {
      char byte = 0;
      if (::read(socket, &byte, 1) != 1) return;
      if (byte != '\r') {
        command += byte;
        continue;
      }
      const std::lock_guard lock(mutex_);
      heard_.push_back(command);
      Write(socket, AnswerTo(command));
      spoken_to_.notify_all();
      command.clear();
    }
  }

  std::string AnswerTo(const std::string& command) const {
    const auto found = script_.find(command);
    if (found != script_.end()) return found->second;
    if (command == "ATZ") return "\r\rELM327 v1.5\r\r>";
    return command.starts_with("AT") ? "OK\r\r>" : "NO DATA\r\r>";
  }

  std::mutex mutex_;
  std::condition_variable spoken_to_;
  // Guarded by mutex_.
  Script script_;
  std::vector<std::string> heard_;
  FileDescriptor ours_;
  std::jthread thread_;
};

}  // namespace fleet_edge::drivers
