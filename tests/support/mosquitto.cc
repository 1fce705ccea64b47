#include "tests/support/mosquitto.h"

#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace fleet_edge::test {
namespace {

/// A port that the kernel has just had free.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound =
      fd >= 0 && bind(fd, generic, size) == 0 && getsockname(fd, generic, &size) == 0;
  if (fd >= 0) close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

void ReplaceAll(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Debian puts it into /usr/sbin, which is not in everybody's path.
std::string Program() {
  for (const char* const path :
       {"/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"}) {
    if (std::filesystem::exists(path)) return path;
  }
  throw std::runtime_error("mosquitto is not installed");
}

}  // namespace

Mosquitto::Mosquitto(std::string config) : config_(std::move(config)) {}

Mosquitto::~Mosquitto() { Stop(); }

void Mosquitto::WriteConfig() const {
  std::string text = config_;
  ReplaceAll(text, "{port}", std::to_string(port_));
  ReplaceAll(text, "{dir}", directory().string());
  std::ofstream file(directory() / "mosquitto.conf");
  file << "persistence true\npersistence_location " << directory().string() << "/\n"
       << "log_dest stderr\nlog_type all\n";
  if (geteuid() == 0) file << "user root\n";
  if (text.find("allow_anonymous") == std::string::npos) file << "allow_anonymous true\n";
  if (text.find("listener") == std::string::npos) file << "listener " << port_ << " 127.0.0.1\n";
  file << text;
}

void Mosquitto::Start() {
  if (port_ != 0) return StartAt(port_);
  // Somebody else may take the port between the look and the start.
  constexpr int kTries = 5;
  for (int i = 1; port_ == 0; ++i) {
    try {
      StartAt(FreePort());
    } catch (const std::runtime_error&) {
      port_ = 0;
      if (i == kTries) throw;
    }
  }
}

void Mosquitto::StartAt(int port) {
  port_ = port;
  WriteConfig();
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error(std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::string program = Program();
  std::string flag = "-c";
  std::string config = directory() / "mosquitto.conf";
  const std::array<char*, 4> arguments{program.data(), flag.data(), config.data(), nullptr};
  const int error =
      posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    throw std::runtime_error(program + ": " + std::strerror(error));
  }
  {
    const std::lock_guard lock(mutex_);
    log_.clear();
    ended_ = false;
  }
  follower_ = std::jthread([this, fd = ends[0]] { FollowLog(fd); });
  if (!AwaitLog("running")) {
    Stop();
    throw std::runtime_error("mosquitto does not come up:\n" + log());
  }
}

void Mosquitto::Stop() {
  if (pid_ < 0) return;
  do {
    kill(pid_, SIGTERM);
  } while (!AwaitEnd());  // it forgets one that comes between its "running" and its main loop
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
  follower_.join();
}

void Mosquitto::FollowLog(int fd) {
  std::array<char, 4096> chunk{};
  for (ssize_t size = 1; size > 0;) {
    size = read(fd, chunk.data(), chunk.size());
    const std::lock_guard lock(mutex_);
    if (size > 0) log_.append(chunk.data(), static_cast<std::size_t>(size));
    ended_ = size <= 0;
    grown_.notify_all();
  }
  close(fd);
}

bool Mosquitto::AwaitEnd() {
  std::unique_lock lock(mutex_);
  return grown_.wait_for(lock, std::chrono::milliseconds{500}, [&] { return ended_; });
}

bool Mosquitto::AwaitLog(std::string_view text, std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  const auto found = [&] { return log_.find(text) != std::string::npos; };
  return grown_.wait_for(lock, patience, [&] { return ended_ || found(); }) && found();
}

std::string Mosquitto::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

}  // namespace fleet_edge::test
