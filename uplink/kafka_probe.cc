#include "uplink/kafka_probe.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/kafka_producer.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One try to be served. The library connects and logs in meanwhile.
constexpr Duration kTry = milliseconds{500};
// After a refusal: what else there is to hear, and one more try.
constexpr Duration kAfterRefusal = milliseconds{1500};
constexpr std::size_t kMaxErrors = 20;

int Milliseconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<milliseconds>(duration).count());
}

struct Free {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
  void operator()(rd_kafka_TopicCollection_t* topics) const {
    rd_kafka_TopicCollection_destroy(topics);
  }
  void operator()(rd_kafka_ConfigResource_t* one) const { rd_kafka_ConfigResource_destroy(one); }
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
  void operator()(rd_kafka_t* producer) const {
    rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(producer);
  }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/// What holds here in place of the agent's: nothing waits for long, and it goes by another name.
KafkaProperties Hasty(KafkaProperties properties) {
  properties.insert(DefaultKafkaProperties().begin(), DefaultKafkaProperties().end());
  properties["client.id"] += "-doctor";
  properties["message.timeout.ms"] = "10000";
  properties["reconnect.backoff.ms"] = "100";
  properties["reconnect.backoff.max.ms"] = "1000";
  properties["socket.connection.setup.timeout.ms"] = "5000";
  properties["linger.ms"] = "0";
  properties.erase("log.queue");
  properties.erase("debug");
  return properties;
}

class Probe : public KafkaProbe {
 public:
  Result<void> Start(const KafkaProperties& properties);

  Answer Greet(Duration limit) override;
  std::vector<TopicFacts> LookAtTopics(Duration limit) override;
  std::optional<bool> MakesTopics(Duration limit) override;
  std::string Send(const Batch& batch, const std::string& vehicle, Duration limit) override;

 private:
  bool NoteBrokers(Duration limit);
  void NoteError(std::string text);
  Owned<rd_kafka_AdminOptions_t> Options(rd_kafka_admin_op_t operation, Duration limit) const;
  std::optional<std::string> Setting(rd_kafka_ResourceType_t type, const std::string& name,
                                     std::string_view key, Duration limit);

  Answer answer_;
  bool refused_ = false;                  // by what doesn't change with the next try
  int broker_ = -1;                       // one that has answered
  std::optional<std::string> delivered_;  // what became of the record; empty: acknowledged
  Owned<rd_kafka_t> kafka_;               // last: it calls back until it is gone
};

/// A try later won't help.
bool IsRefusal(rd_kafka_resp_err_t code, std::string_view text) {
  return code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL ||
         code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE ||
         text.find("incorrect security.protocol") != std::string_view::npos ||
         text.find("might require SASL") != std::string_view::npos ||
         text.find("Invalid response size") != std::string_view::npos;
}

Result<void> Probe::Start(const KafkaProperties& properties) {
  Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  std::array<char, 512> why{};
  for (const auto& [name, value] : Hasty(properties)) {
    if (const std::string refused = CheckKafkaProperty(name, value); !refused.empty()) {
      return Error{Error::Code::kFatal, refused};
    }
    rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size());
  }
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t*, int code, const char* text, void* self) {
    auto& probe = *static_cast<Probe*>(self);
    if (IsRefusal(static_cast<rd_kafka_resp_err_t>(code), text)) probe.refused_ = true;
    if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) probe.NoteError(text);
  });
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_set_dr_msg_cb(conf.get(), [](rd_kafka_t*, const rd_kafka_message_t* record,
                                             void* self) {
    static_cast<Probe*>(self)->delivered_ =
        record->err == RD_KAFKA_RESP_ERR_NO_ERROR ? std::string() : rd_kafka_err2str(record->err);
  });
  kafka_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size()));
  if (!kafka_) return Error{Error::Code::kFatal, why.data()};
  [[maybe_unused]] const rd_kafka_conf_t* const taken = conf.release();  // the producer's
  return {};
}

void Probe::NoteError(std::string text) {
  auto& errors = answer_.errors;
  // The time that a try took makes each text another.
  text = text.substr(0, text.find(" (after "));
  if (errors.size() == kMaxErrors || std::ranges::find(errors, text) != errors.end()) return;
  errors.push_back(std::move(text));
}

bool Probe::NoteBrokers(Duration limit) {
  const rd_kafka_metadata_t* metadata = nullptr;
  // Of no topic: a look at a topic by this call would make it.
  if (rd_kafka_metadata(kafka_.get(), 0, nullptr, &metadata, Milliseconds(limit)) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return false;
  }
  answer_.brokers.clear();
  for (int i = 0; i < metadata->broker_cnt; ++i) {
    const rd_kafka_metadata_broker_t& broker = metadata->brokers[i];
    std::string host = broker.host;
    if (host.find(':') != std::string::npos) host.insert(0, "[").append("]");
    answer_.brokers.push_back(host + ":" + std::to_string(broker.port));
  }
  if (metadata->broker_cnt > 0) broker_ = metadata->brokers[0].id;
  rd_kafka_metadata_destroy(metadata);
  return true;
}

KafkaProbe::Answer Probe::Greet(Duration limit) {
  auto end = steady_clock::now() + limit;
  bool hurried = false;
  while (!answer_.served && steady_clock::now() < end) {
    answer_.served = NoteBrokers(std::min(kTry, limit));
    rd_kafka_poll(kafka_.get(), 0);
    if (refused_ && !std::exchange(hurried, true)) {
      end = std::min(end, steady_clock::now() + kAfterRefusal);
    }
  }
  return answer_;
}

Owned<rd_kafka_AdminOptions_t> Probe::Options(rd_kafka_admin_op_t operation, Duration limit) const {
  Owned<rd_kafka_AdminOptions_t> options(rd_kafka_AdminOptions_new(kafka_.get(), operation));
  std::array<char, 256> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), Milliseconds(limit), why.data(),
                                            why.size());
  return options;
}

TopicFacts FactsOf(const rd_kafka_TopicDescription_t& topic) {
  TopicFacts facts{.name = rd_kafka_TopicDescription_name(&topic)};
  const rd_kafka_error_t* const error = rd_kafka_TopicDescription_error(&topic);
  switch (rd_kafka_error_code(error)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      facts.state = TopicFacts::State::kThere;
      break;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      facts.state = TopicFacts::State::kMissing;
      return facts;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      facts.state = TopicFacts::State::kForbidden;
      return facts;
    default:
      facts.error = rd_kafka_error_string(error);
      return facts;
  }
  const auto** const partitions = rd_kafka_TopicDescription_partitions(&topic, &facts.partitions);
  facts.leaderless = static_cast<std::size_t>(
      std::count_if(partitions, partitions + facts.partitions, [](const auto* partition) {
        const rd_kafka_Node_t* const leader = rd_kafka_TopicPartitionInfo_leader(partition);
        return leader == nullptr || rd_kafka_Node_id(leader) < 0;
      }));
  std::size_t count = 0;
  const rd_kafka_AclOperation_t* const allowed =
      rd_kafka_TopicDescription_authorized_operations(&topic, &count);
  if (allowed != nullptr && count > 0) {
    facts.may_write =
        std::find(allowed, allowed + count, RD_KAFKA_ACL_OPERATION_WRITE) != allowed + count;
  }
  return facts;
}

std::vector<TopicFacts> Probe::LookAtTopics(Duration limit) {
  const auto end = steady_clock::now() + limit;
  std::vector<std::string> names;
  std::vector<const char*> pointers;
  names.reserve(kLanes.size());
  pointers.reserve(kLanes.size());
  for (const Lane lane : kLanes) names.emplace_back(TopicOf(lane));
  for (const std::string& name : names) pointers.push_back(name.c_str());
  const Owned<rd_kafka_TopicCollection_t> wanted(
      rd_kafka_TopicCollection_of_topic_names(pointers.data(), pointers.size()));
  const auto options = Options(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, limit);
  if (rd_kafka_error_t* const error =
          rd_kafka_AdminOptions_set_include_authorized_operations(options.get(), 1)) {
    rd_kafka_error_destroy(error);
  }
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(kafka_.get()));
  rd_kafka_DescribeTopics(kafka_.get(), wanted.get(), options.get(), queue.get());
  const Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), Milliseconds(limit)));
  std::vector<TopicFacts> topics;
  const auto* const result = event ? rd_kafka_event_DescribeTopics_result(event.get()) : nullptr;
  if (result != nullptr && rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    std::size_t count = 0;
    const auto** const found = rd_kafka_DescribeTopics_result_topics(result, &count);
    for (std::size_t i = 0; i < count; ++i) topics.push_back(FactsOf(*found[i]));
  }
  if (topics.empty()) {
    const std::string why = event ? rd_kafka_event_error_string(event.get()) : "no answer";
    for (const std::string& name : names) topics.push_back({.name = name, .error = why});
  }
  for (TopicFacts& topic : topics) {
    const auto left = std::chrono::floor<Duration>(end - steady_clock::now());
    if (topic.state != TopicFacts::State::kThere || left < milliseconds{1}) continue;
    const auto text = Setting(RD_KAFKA_RESOURCE_TOPIC, topic.name, "max.message.bytes", left);
    if (text) topic.max_message_bytes = std::strtoull(text->c_str(), nullptr, 10);
  }
  return topics;
}

std::optional<bool> Probe::MakesTopics(Duration limit) {
  const auto text = Setting(RD_KAFKA_RESOURCE_BROKER, std::to_string(broker_),
                            "auto.create.topics.enable", limit);
  if (!text) return std::nullopt;
  return *text == "true";
}

/// Nothing when the hub doesn't tell: that takes a right of its own.
std::optional<std::string> Probe::Setting(rd_kafka_ResourceType_t type, const std::string& name,
                                          std::string_view key, Duration limit) {
  const Owned<rd_kafka_ConfigResource_t> resource(rd_kafka_ConfigResource_new(type, name.c_str()));
  rd_kafka_ConfigResource_t* asked = resource.get();
  const auto options = Options(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, limit);
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(kafka_.get()));
  rd_kafka_DescribeConfigs(kafka_.get(), &asked, 1, options.get(), queue.get());
  const Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), Milliseconds(limit)));
  const auto* const result = event ? rd_kafka_event_DescribeConfigs_result(event.get()) : nullptr;
  if (result == nullptr) return std::nullopt;
  std::size_t count = 0;
  const auto** const resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  if (count == 0 || rd_kafka_ConfigResource_error(resources[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::nullopt;
  }
  const auto** const entries = rd_kafka_ConfigResource_configs(resources[0], &count);
  const auto** const found = std::find_if(entries, entries + count, [&](const auto* entry) {
    return key == rd_kafka_ConfigEntry_name(entry);
  });
  if (found == entries + count) return std::nullopt;
  const char* const value = rd_kafka_ConfigEntry_value(*found);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string Probe::Send(const Batch& batch, const std::string& vehicle, Duration limit) {
  const std::string topic(TopicOf(batch.id.lane));
  delivered_.reset();
  // librdkafka takes pointers that it does not write through: RK_MSG_COPY.
  auto* const body = const_cast<char*>(batch.body.data());
  auto* const key = const_cast<char*>(vehicle.data());
  rd_kafka_headers_t* const headers = rd_kafka_headers_new(1);
  rd_kafka_header_add(headers, "fleet-edge-test", -1, "1", 1);
  const auto time = std::chrono::duration_cast<milliseconds>(batch.time.time_since_epoch()).count();
  const std::array<rd_kafka_vu_t, 6> parts{{
      {.vtype = RD_KAFKA_VTYPE_TOPIC, .u = {.cstr = topic.c_str()}},
      {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u = {.i = RD_KAFKA_MSG_F_COPY}},
      {.vtype = RD_KAFKA_VTYPE_VALUE, .u = {.mem = {body, batch.body.size()}}},
      {.vtype = RD_KAFKA_VTYPE_KEY, .u = {.mem = {key, vehicle.size()}}},
      {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u = {.i64 = time}},
      {.vtype = RD_KAFKA_VTYPE_HEADERS, .u = {.headers = headers}},
  }};
  if (rd_kafka_error_t* const error =
          rd_kafka_produceva(kafka_.get(), parts.data(), parts.size())) {
    std::string why = rd_kafka_error_string(error);
    rd_kafka_error_destroy(error);
    rd_kafka_headers_destroy(headers);
    return why;
  }
  const auto end = steady_clock::now() + limit;
  while (!delivered_ && steady_clock::now() < end) rd_kafka_poll(kafka_.get(), 100);
  if (!delivered_) {
    return answer_.errors.empty() ? "no answer in time" : answer_.errors.back();
  }
  return *delivered_;
}

}  // namespace

Result<std::unique_ptr<KafkaProbe>> MakeKafkaProbe(const KafkaProperties& properties) {
  auto probe = std::make_unique<Probe>();
  if (auto started = probe->Start(properties); !started) return started.error();
  return std::unique_ptr<KafkaProbe>(std::move(probe));
}

}  // namespace fleet_edge::uplink
