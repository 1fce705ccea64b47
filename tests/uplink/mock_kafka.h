#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/time.h"
#include "uplink/batch.h"

namespace fleet_edge::uplink {

inline constexpr std::int16_t kProduce = 0;  // Kafka's number of the request
inline constexpr int kBroker = 1;

struct Record {
  std::string topic;
  std::int32_t partition = 0;
  std::string key;
  std::string value;
  std::int64_t timestamp_ms = 0;
  std::map<std::string, std::string> headers;
};

/// A broker in this process, and what is in its topics.
class MockKafka {
 public:
  MockKafka() {
    std::string reason(512, '\0');
    owner_ = rd_kafka_new(RD_KAFKA_PRODUCER, Quiet(), reason.data(), reason.size());
    cluster_ = rd_kafka_mock_cluster_new(owner_, 1);
    for (const Lane lane : kLanes) {
      rd_kafka_mock_topic_create(cluster_, std::string(TopicOf(lane)).c_str(), kPartitions, 1);
    }
  }
  MockKafka(const MockKafka&) = delete;
  MockKafka& operator=(const MockKafka&) = delete;
  ~MockKafka() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(owner_);
  }

  std::string address() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void Down() { rd_kafka_mock_broker_set_down(cluster_, kBroker); }
  void AnswerAfter(std::chrono::milliseconds time) {
    rd_kafka_mock_broker_set_rtt(cluster_, kBroker, static_cast<int>(time.count()));
  }
  void Up() { rd_kafka_mock_broker_set_up(cluster_, kBroker); }
  /// The next `times` requests, at most two.
  void FailProduce(rd_kafka_resp_err_t error, std::size_t times = 1) {
    rd_kafka_mock_push_request_errors(cluster_, kProduce, times, error, error);
  }

  /// Reads until `count` records are there, or 20 s are over.
  std::vector<Record> Read(std::size_t count) const {
    rd_kafka_conf_t* const conf = Quiet();
    for (const auto& [name, value] :
         {std::pair<std::string, std::string>{"bootstrap.servers", address()},
          {"group.id", "test"},
          {"auto.offset.reset", "earliest"}}) {
      rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0);
    }
    rd_kafka_t* const consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    rd_kafka_topic_partition_list_t* const all = rd_kafka_topic_partition_list_new(12);
    for (const Lane lane : kLanes) {
      for (int partition = 0; partition < kPartitions; ++partition) {
        const std::string topic(TopicOf(lane));
        rd_kafka_topic_partition_list_add(all, topic.c_str(), partition)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
      }
    }
    rd_kafka_assign(consumer, all);
    rd_kafka_topic_partition_list_destroy(all);
    std::vector<Record> records;
    const SystemClock clock;
    const BootTime end = clock.Boot() + std::chrono::seconds{20};
    while (records.size() < count && clock.Boot() < end) {
      rd_kafka_message_t* const message = rd_kafka_consumer_poll(consumer, 100);
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        records.push_back({rd_kafka_topic_name(message->rkt),
                           message->partition,
                           {static_cast<const char*>(message->key), message->key_len},
                           {static_cast<const char*>(message->payload), message->len},
                           rd_kafka_message_timestamp(message, nullptr),
                           HeadersOf(*message)});
      }
      rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return records;
  }

 private:
  static constexpr int kPartitions = 4;

  static std::map<std::string, std::string> HeadersOf(const rd_kafka_message_t& message) {
    std::map<std::string, std::string> all;
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return all;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t at = 0;
         rd_kafka_header_get_all(headers, at, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++at) {
      all.emplace(name, std::string(static_cast<const char*>(value), size));
    }
    return all;
  }

  static rd_kafka_conf_t* Quiet() {
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
    return conf;
  }

  rd_kafka_t* owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace fleet_edge::uplink
