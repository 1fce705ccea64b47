#include "simulators/kafka_consumer.h"

#include <librdkafka/rdkafkacpp.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/hub_record.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::steady_clock;

// A look for topics and partitions that are new.
constexpr std::chrono::seconds kLookEvery{1};
constexpr int kLookPatienceMs = 1000;

void Set(RdKafka::Conf& conf, const std::string& name, const std::string& value) {
  std::string why;
  if (conf.set(name, value, why) != RdKafka::Conf::CONF_OK) {
    throw std::runtime_error("librdkafka's property " + name + ": " + why);
  }
}

std::unique_ptr<RdKafka::KafkaConsumer> Open(const KafkaConsumer::Options& options) {
  const std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
  Set(*conf, "bootstrap.servers", options.address);
  Set(*conf, "group.id", "fleet-sim-verify");  // asked for, never joined
  Set(*conf, "enable.auto.commit", "false");
  Set(*conf, "auto.offset.reset", "earliest");
  Set(*conf, "enable.partition.eof", "true");
  Set(*conf, "reconnect.backoff.max.ms", "1000");
  Set(*conf, "log_level", "2");  // an absent hub is part of the exercise
  for (const auto& [name, value] : options.properties) Set(*conf, name, value);
  std::string why;
  std::unique_ptr<RdKafka::KafkaConsumer> consumer(RdKafka::KafkaConsumer::create(conf.get(), why));
  if (!consumer) throw std::runtime_error("librdkafka can't start: " + why);
  return consumer;
}

std::size_t HeaderBytes(RdKafka::Message& message) {
  std::size_t bytes = 0;
  RdKafka::Headers* const headers = message.headers();
  if (headers == nullptr) return bytes;
  for (const RdKafka::Headers::Header& header : headers->get_all()) {
    bytes += header.key().size() + header.value_size();
  }
  return bytes;
}

bool Refused(RdKafka::ErrorCode code) {
  return code == RdKafka::ERR__AUTHENTICATION || code == RdKafka::ERR_TOPIC_AUTHORIZATION_FAILED ||
         code == RdKafka::ERR_CLUSTER_AUTHORIZATION_FAILED || code == RdKafka::ERR__FATAL;
}

}  // namespace

class KafkaConsumer::Impl {
 public:
  explicit Impl(const Options& options)
      : topics_(options.topics.begin(), options.topics.end()), consumer_(Open(options)) {}

  ~Impl() { consumer_->close(); }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::optional<HubRecord> Poll(Duration wait) {
    if (steady_clock::now() >= next_look_) {
      Look();
      next_look_ = steady_clock::now() + kLookEvery;
    }
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(wait).count();
    const std::unique_ptr<RdKafka::Message> message(consumer_->consume(static_cast<int>(ms)));
    if (message->err() == RdKafka::ERR__PARTITION_EOF) {
      PlaceOf(*message).at_end = true;
    } else if (message->err() == RdKafka::ERR_NO_ERROR) {
      return Take(*message);
    } else if (Refused(message->err())) {
      throw std::runtime_error("the hub refuses us: " + message->errstr());
    }
    return std::nullopt;  // anything else passes, and librdkafka tries again
  }

  bool at_end() const {
    return looked_ &&
           std::ranges::all_of(places_, [](const auto& entry) { return entry.second.at_end; });
  }

  std::uint64_t skipped() const { return skipped_; }

 private:
  using Partition = std::pair<std::string, std::int32_t>;

  struct Place {
    std::int64_t next = RdKafka::Topic::OFFSET_BEGINNING;
    bool at_end = false;
  };

  Place& PlaceOf(const RdKafka::Message& message) {
    return places_[{message.topic_name(), message.partition()}];
  }

  HubRecord Take(RdKafka::Message& message) {
    Place& place = PlaceOf(message);
    // From the very beginning on: offset 0 dropped counts too.
    const std::int64_t due = std::max<std::int64_t>(place.next, 0);
    if (message.offset() > due) skipped_ += static_cast<std::uint64_t>(message.offset() - due);
    place.next = message.offset() + 1;
    place.at_end = false;
    return {.topic = message.topic_name(),
            .partition = message.partition(),
            .offset = message.offset(),
            .key = message.key() != nullptr ? *message.key() : std::string(),
            .value = {static_cast<const char*>(message.payload()), message.len()},
            .header_bytes = HeaderBytes(message)};
  }

  /// Takes up partitions that were not there before.
  void Look() {
    RdKafka::Metadata* raw = nullptr;
    // All topics: asking for one by name would make it.
    if (consumer_->metadata(true, nullptr, &raw, kLookPatienceMs) != RdKafka::ERR_NO_ERROR) return;
    const std::unique_ptr<RdKafka::Metadata> metadata(raw);
    looked_ = true;
    bool grown = false;
    for (const RdKafka::TopicMetadata* topic : *metadata->topics()) {
      if (!topics_.contains(topic->topic()) || topic->partitions()->empty()) continue;
      for (const RdKafka::PartitionMetadata* partition : *topic->partitions()) {
        grown |= places_.try_emplace({topic->topic(), partition->id()}).second;
      }
    }
    if (grown) Assign();
  }

  void Assign() {
    std::vector<std::unique_ptr<RdKafka::TopicPartition>> owned;
    std::vector<RdKafka::TopicPartition*> partitions;
    for (const auto& [partition, place] : places_) {
      owned.emplace_back(
          RdKafka::TopicPartition::create(partition.first, partition.second, place.next));
      partitions.push_back(owned.back().get());
    }
    const RdKafka::ErrorCode code = consumer_->assign(partitions);
    if (code != RdKafka::ERR_NO_ERROR) {
      throw std::runtime_error("partitions can't be read: " + RdKafka::err2str(code));
    }
  }

  const std::set<std::string> topics_;
  const std::unique_ptr<RdKafka::KafkaConsumer> consumer_;
  std::map<Partition, Place> places_;
  bool looked_ = false;  // the hub has told at least once which partitions there are
  steady_clock::time_point next_look_;
  std::uint64_t skipped_ = 0;
};

KafkaConsumer::KafkaConsumer(const Options& options) : impl_(std::make_unique<Impl>(options)) {}
KafkaConsumer::~KafkaConsumer() = default;

std::optional<HubRecord> KafkaConsumer::Poll(Duration wait) { return impl_->Poll(wait); }
bool KafkaConsumer::at_end() const { return impl_->at_end(); }
std::uint64_t KafkaConsumer::skipped() const { return impl_->skipped(); }

}  // namespace fleet_edge::simulators
