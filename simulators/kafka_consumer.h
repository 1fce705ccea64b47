#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/hub_record.h"

namespace fleet_edge::simulators {

/// Reads topics from their beginning, all partitions, as any Kafka consumer would, on librdkafka.
/// It joins no group and leaves no trace on the hub.
///
/// One thread. Topics that are not there yet and partitions that are added are found within
/// seconds; a hub that goes away is waited for.
class KafkaConsumer {
 public:
  struct Options {
    std::string address;                            ///< bootstrap.servers
    std::map<std::string, std::string> properties;  ///< of librdkafka, beyond our own
    std::vector<std::string> topics;
  };

  /// Throws std::runtime_error when a property is wrong. Connects nothing yet.
  explicit KafkaConsumer(const Options& options);
  ~KafkaConsumer();

  KafkaConsumer(const KafkaConsumer&) = delete;
  KafkaConsumer& operator=(const KafkaConsumer&) = delete;

  /// The next record; nothing when none comes within `wait`. Throws std::runtime_error when the
  /// hub refuses us for good (authentication, authorisation).
  std::optional<HubRecord> Poll(Duration wait);

  /// True when the hub has answered and nothing was left to read in any partition of the topics,
  /// as far as it has said. A topic that nobody has written to yet may not be there.
  bool at_end() const;

  /// Records that the hub had dropped before they could be read.
  std::uint64_t skipped() const;

 private:
  class Impl;  // keeps librdkafka's header out of everybody else's
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet_edge::simulators
