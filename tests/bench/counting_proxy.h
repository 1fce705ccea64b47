#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace fleet_edge {

/// Stands between a Kafka client and one broker, both on 127.0.0.1, and counts what the client
/// sends, by kind of request. The broker's port is replaced by its own in what the broker answers,
/// so that the client stays with it.
///
/// One thread of its own; the counts may be read on any.
class CountingProxy {
 public:
  struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;  ///< all that is above TCP
  };

  /// `broker`: `127.0.0.1:PORT`. Throws std::system_error where it can't listen.
  explicit CountingProxy(const std::string& broker);
  CountingProxy(const CountingProxy&) = delete;
  CountingProxy& operator=(const CountingProxy&) = delete;
  ~CountingProxy();

  std::string address() const;

  /// Requests that carry records.
  Counts produce() const;
  /// All others: versions, metadata, the producer's id.
  Counts others() const;

 private:
  struct Link;

  void Run(const std::stop_token& stop);
  void Accept();
  /// False once either side has hung up.
  bool Forward(Link& link, bool upward);
  void Count(Link& link, const char* data, std::size_t size);

  const int broker_port_;
  int listener_ = -1;
  int port_ = 0;
  std::deque<std::unique_ptr<Link>> links_;
  mutable std::mutex mutex_;  // guards the counts: the thread writes, others read
  Counts produce_;
  Counts others_;
  std::jthread thread_;
};

}  // namespace fleet_edge
