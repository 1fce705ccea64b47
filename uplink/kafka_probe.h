#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::uplink {

/// What a hub tells of one topic. A value.
struct TopicFacts {
  enum class State : std::uint8_t { kThere, kMissing, kForbidden, kUnknown };

  std::string name{};
  State state = State::kUnknown;
  std::string error{};              ///< of kUnknown: the library's word
  std::optional<bool> may_write{};  ///< nothing: the hub doesn't tell
  std::size_t partitions = 0;
  std::size_t leaderless = 0;                        ///< of these
  std::optional<std::uint64_t> max_message_bytes{};  ///< nothing: we may not know
};

/// Asks a hub once what it would say to the agent, on a connection and with a client id of its own.
/// Makes no topic. One thread.
class KafkaProbe {
 public:
  /// What became of one try to be served.
  struct Answer {
    bool served = false;
    std::vector<std::string> errors{};   ///< the library's words, each once, in order
    std::vector<std::string> brokers{};  ///< `host:port`, as the hub names them; IPv6 in brackets
  };

  KafkaProbe() = default;
  KafkaProbe(const KafkaProbe&) = delete;
  KafkaProbe& operator=(const KafkaProbe&) = delete;
  virtual ~KafkaProbe() = default;

  /// Connects, logs in and asks for the brokers. Returns as soon as one has answered, or shortly
  /// after all have refused.
  virtual Answer Greet(Duration limit) = 0;

  /// What the hub tells of the topics of all lanes; what it tells later than `limit` is not known.
  virtual std::vector<TopicFacts> LookAtTopics(Duration limit) = 0;

  /// Whether the hub makes a topic at its first record; nothing: we may not know.
  virtual std::optional<bool> MakesTopics(Duration limit) = 0;

  /// Sends `batch` under the key `vehicle`, with the header `fleet-edge-test: 1`. Empty when it was
  /// acknowledged, else why not.
  virtual std::string Send(const Batch& batch, const std::string& vehicle, Duration limit) = 0;
};

/// `properties` as for MakeKafkaPublisher(). Errors: kFatal, a property that is refused.
Result<std::unique_ptr<KafkaProbe>> MakeKafkaProbe(const KafkaProperties& properties);

}  // namespace fleet_edge::uplink
