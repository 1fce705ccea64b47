#pragma once

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge::agent {

/// The fleet-edge binary, run as a child whose stdout and stderr the test reads.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(BinaryFolder()) + "/fleet-edge");
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (pipe(out.data()) != 0 || pipe(err.data()) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("no child");
    if (child_ == 0) Become(arguments, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    streams_[0].fd = out[0];
    streams_[1].fd = err[0];
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    for (const Stream& stream : streams_) close(stream.fd);
  }

  const std::string& out() const { return streams_[0].text; }
  const std::string& err() const { return streams_[1].text; }

  void Signal(int signal) const { kill(child_, signal); }

  /// True once stderr holds `text`; false when it ends, or after ten seconds, without.
  bool WaitForErr(std::string_view text) {
    const auto deadline = Now() + std::chrono::seconds{10};
    while (err().find(text) == std::string::npos) {
      if (!ReadSome(deadline)) return false;
    }
    return true;
  }

  /// Reads to the end; the exit code, or -1 when a signal ended it or it doesn't end within 20
  /// seconds.
  int Wait() {
    const auto deadline = Now() + std::chrono::seconds{20};
    while (ReadSome(deadline)) {
    }
    if (Now() >= deadline) return -1;
    int status = 0;
    waitpid(std::exchange(child_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  struct Stream {
    int fd = -1;
    std::string text;
    bool open = true;
  };

  static std::chrono::steady_clock::time_point Now() { return std::chrono::steady_clock::now(); }

  static const char* BinaryFolder() {
    const char* const folder = std::getenv("FLEET_EDGE_BIN");
    if (folder == nullptr) throw std::runtime_error("FLEET_EDGE_BIN is not set: run by ctest");
    return folder;
  }

  [[noreturn]] static void Become(std::vector<std::string>& arguments, int out, int err) {
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }

  /// False when both streams have ended, or at the deadline.
  bool ReadSome(std::chrono::steady_clock::time_point deadline) {
    std::array<pollfd, 2> polled{};
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      polled.at(i) = {
          .fd = streams_.at(i).open ? streams_.at(i).fd : -1, .events = POLLIN, .revents = 0};
    }
    if (!streams_[0].open && !streams_[1].open) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Now());
    if (left.count() <= 0 ||
        poll(polled.data(), polled.size(), static_cast<int>(left.count())) <= 0)
      return false;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      if (polled.at(i).revents == 0) continue;
      std::array<char, 4096> chunk{};
      const ssize_t size = read(streams_.at(i).fd, chunk.data(), chunk.size());
      streams_.at(i).open = size > 0;
      if (size > 0) streams_.at(i).text.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return true;
  }

  pid_t child_ = 0;
  std::array<Stream, 2> streams_;
};

}  // namespace fleet_edge::agent
