#pragma once

#include <memory>
#include <string>
#include <vector>

// librdkafka's, so that hub.cc alone includes its header.
struct rd_kafka_s;
struct rd_kafka_mock_cluster_s;

namespace fleet_edge::simulators {

/// A Kafka-compatible broker inside this process, on librdkafka's mock cluster.
///
/// It keeps what it gets in memory, and of each partition the newest 5 MiB or 100,000 messages:
/// read while you write. It listens on 127.0.0.1, on a port that the kernel chooses (the mock
/// cluster has no other way), in the clear. Serves on a thread of its own until it is destroyed;
/// the methods are the owner's.
class Hub {
 public:
  /// Serves at once, with `topics` of `partitions` partitions each; any other topic is made when it
  /// is first asked for. Throws std::runtime_error.
  Hub(const std::vector<std::string>& topics, int partitions);
  ~Hub();

  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// `127.0.0.1:PORT`, what clients have as bootstrap.servers.
  std::string address() const;

  /// Down: connections are cut, new ones refused. Up again: same port, same data.
  void SetDown(bool down);

 private:
  struct Destroy {
    void operator()(rd_kafka_s* client) const;
    void operator()(rd_kafka_mock_cluster_s* cluster) const;
  };

  std::unique_ptr<rd_kafka_s, Destroy> client_;  // the mock cluster lives in a client
  std::unique_ptr<rd_kafka_mock_cluster_s, Destroy> cluster_;
};

}  // namespace fleet_edge::simulators
