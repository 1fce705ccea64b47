#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "tests/support/temp_folder.h"

namespace fleet_edge::test {

/// A real mosquitto on a free port of 127.0.0.1, in a temporary directory of its own. Sessions and
/// retained messages outlive Stop() and Start().
///
/// The owner's thread; a thread of its own follows the log.
class Mosquitto {
 public:
  /// Makes the directory, starts nothing. `config` is added to its configuration; a line that
  /// begins with `listener` replaces its own. `{port}` and `{dir}` in it are filled in.
  explicit Mosquitto(std::string config = {});
  ~Mosquitto();
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  /// Starts it and waits until it listens. Throws std::runtime_error with the log when it does not
  /// come up.
  void Start();

  /// SIGTERM: it saves its state. Does nothing when it is not running.
  void Stop();

  /// Waits until the log since the last Start() holds `text`. False after `patience`.
  bool AwaitLog(std::string_view text, std::chrono::seconds patience = std::chrono::seconds(20));

  std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }
  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  void StartAt(int port);
  void WriteConfig() const;
  void FollowLog(int fd);
  /// True when it ends within half a second.
  bool AwaitEnd();
  std::string log() const;

  const std::string config_;
  const TempFolder directory_;
  int port_ = 0;  // stays the same from the first start on
  pid_t pid_ = -1;
  std::jthread follower_;

  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::string log_;     // guarded by mutex_
  bool ended_ = false;  // guarded by mutex_: the log is complete
};

}  // namespace fleet_edge::test
