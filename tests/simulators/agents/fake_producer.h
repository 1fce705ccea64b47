#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "simulators/hub_record.h"
#include "uplink/batch.h"
#include "uplink/kafka_producer.h"
#include "uplink/publisher.h"

namespace fleet_edge::agents {

/// A hub that a test holds in its hand, and what came to it. Outlives its producers.
struct FakeHub {
  bool answers = true;   ///< false: what is sent stays on its way
  bool refuses = false;  ///< for good, what is on its way
  bool dies = false;     ///< the next Poll() of its producer reports a fatal error
  std::size_t room = std::numeric_limits<std::size_t>::max();  ///< records on their way
  std::vector<simulators::HubRecord> records{};
  std::size_t producers = 0;  ///< made so far
};

/// Librdkafka's part. One thread.
class FakeProducer : public uplink::KafkaProducer {
 public:
  FakeProducer(FakeHub& hub, Listener& listener) : hub_(hub), listener_(listener) {
    ++hub_.producers;
  }

  void SetWake(const std::function<void()>& /*wake*/) override {}

  Result<void> Produce(const Record& record) override {
    if (on_its_way_.size() >= hub_.room) return Error{Error::Code::kFull, "queue full"};
    on_its_way_.emplace_back(record.opaque,
                             simulators::HubRecord{.topic = std::string(TopicOf(record.lane)),
                                                   .key = std::string(record.key),
                                                   .value = std::string(record.body)});
    return {};
  }

  void Poll() override {
    if (std::exchange(hub_.dies, false)) return listener_.OnFatal("out of order sequence number");
    if (hub_.refuses) {
      Settle(uplink::Publisher::Outcome::kPoison, "record too large");
    } else if (hub_.answers) {
      Settle(uplink::Publisher::Outcome::kAcknowledged, "");
    }
  }

  void Flush(Duration /*patience*/) override {}
  void Purge() override { Settle(uplink::Publisher::Outcome::kReturned, "purged"); }

 private:
  void Settle(uplink::Publisher::Outcome outcome, const std::string& reason) {
    for (; !on_its_way_.empty(); on_its_way_.pop_front()) {
      auto& [opaque, record] = on_its_way_.front();
      record.offset = static_cast<std::int64_t>(hub_.records.size());
      // What was given up may have come all the same: as bad as it gets.
      if (outcome != uplink::Publisher::Outcome::kPoison) hub_.records.push_back(std::move(record));
      listener_.OnReport(opaque, outcome, reason);
    }
  }

  FakeHub& hub_;
  Listener& listener_;
  std::deque<std::pair<void*, simulators::HubRecord>> on_its_way_;
};

}  // namespace fleet_edge::agents
