#include "uplink/kafka_producer.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafkacpp.h>
#include <spdlog/spdlog.h>
#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/cloud_event.h"
#include "uplink/kafka_properties.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// After a purge reports are there at once; this is for the threads to hand them over.
constexpr Duration kAfterPurge = milliseconds{200};

Publisher::Outcome OutcomeOf(RdKafka::ErrorCode code) {
  switch (code) {
    case RdKafka::ERR_NO_ERROR:
      return Publisher::Outcome::kAcknowledged;
    case RdKafka::ERR_MSG_SIZE_TOO_LARGE:
    case RdKafka::ERR_RECORD_LIST_TOO_LARGE:
    case RdKafka::ERR_INVALID_MSG_SIZE:
    case RdKafka::ERR_INVALID_MSG:
    case RdKafka::ERR_INVALID_RECORD:
    case RdKafka::ERR_INVALID_TIMESTAMP:
      return Publisher::Outcome::kPoison;
    default:
      return Publisher::Outcome::kReturned;
  }
}

Result<std::unique_ptr<RdKafka::Conf>> MakeConf(const KafkaProperties& properties) {
  std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
  KafkaProperties all = properties;
  all.insert(DefaultKafkaProperties().begin(), DefaultKafkaProperties().end());
  std::string reason;
  for (const auto& [name, value] : all) {
    if (const std::string why = CheckKafkaProperty(name, value); !why.empty()) {
      return Error{Error::Code::kFatal, why};
    }
    conf->set(name, value, reason);
  }
  return conf;
}

/// Null for none.
rd_kafka_headers_t* MakeHeaders(const RecordHeaders& headers) {
  if (headers.empty()) return nullptr;
  rd_kafka_headers_t* const made = rd_kafka_headers_new(headers.size());
  for (const auto& [name, value] : headers) {
    rd_kafka_header_add(made, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  return made;
}

class Producer : public KafkaProducer, RdKafka::DeliveryReportCb, RdKafka::EventCb {
 public:
  explicit Producer(Listener& listener) : listener_(listener) {}
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  ~Producer() override;

  Result<void> Start(const KafkaProperties& properties);

  void SetWake(const std::function<void()>& wake) override;
  Result<void> Produce(const Record& record) override;
  void Poll() override { producer_->poll(0); }
  void Flush(Duration patience) override;
  void Purge() override;

 private:
  // Called by librdkafka inside poll() and flush(), on our thread.
  void dr_cb(RdKafka::Message& message) override;
  void event_cb(RdKafka::Event& event) override;

  Listener& listener_;
  std::string why_down_;  // the last error of a broker, until one is up
  std::unique_ptr<RdKafka::Producer> producer_;
  std::array<std::unique_ptr<RdKafka::Topic>, kLanes.size()> topics_;
  rd_kafka_queue_t* events_ = nullptr;  // of producer_, while a wake is called
};

Result<void> Producer::Start(const KafkaProperties& properties) {
  auto conf = MakeConf(properties);
  if (!conf) return conf.error();
  std::string reason;
  RdKafka::Conf& settings = **conf;
  if (settings.set("dr_cb", static_cast<RdKafka::DeliveryReportCb*>(this), reason) !=
          RdKafka::Conf::CONF_OK ||
      settings.set("event_cb", static_cast<RdKafka::EventCb*>(this), reason) !=
          RdKafka::Conf::CONF_OK) {
    return Error{Error::Code::kFatal, reason};
  }
  producer_.reset(RdKafka::Producer::create(&settings, reason));
  if (producer_ == nullptr) return Error{Error::Code::kFatal, reason};
  // Asked for now, their leaders come with the connection. A topic of which the library hears by
  // its first record waits for the look around that it takes each second: so would an alert.
  for (const Lane lane : kLanes) {
    auto& topic = topics_.at(static_cast<std::size_t>(lane));
    topic.reset(
        RdKafka::Topic::create(producer_.get(), std::string(TopicOf(lane)), nullptr, reason));
    if (topic == nullptr) return Error{Error::Code::kFatal, reason};
  }
  producer_->set_log_queue(nullptr);
  return {};
}

Producer::~Producer() {
  if (events_ == nullptr) return;
  rd_kafka_queue_cb_event_enable(events_, nullptr, nullptr);
  rd_kafka_queue_destroy(events_);
}

void Producer::SetWake(const std::function<void()>& wake) {
  events_ = rd_kafka_queue_get_main(producer_->c_ptr());
  const auto ring = [](rd_kafka_t* /*producer*/, void* called) {
    (*static_cast<const std::function<void()>*>(called))();
  };
  // The library hands the pointer back as it is.
  rd_kafka_queue_cb_event_enable(events_, ring, const_cast<std::function<void()>*>(&wake));
}

Result<void> Producer::Produce(const Record& record) {
  RdKafka::Topic& topic = *topics_.at(static_cast<std::size_t>(record.lane));
  const auto timestamp = duration_cast<milliseconds>(record.time.time_since_epoch()).count();
  // librdkafka takes pointers that it does not write through: RK_MSG_COPY.
  auto* const body = const_cast<char*>(record.body.data());
  auto* const key = const_cast<char*>(record.key.data());
  rd_kafka_headers_t* const headers = MakeHeaders(record.headers);
  const std::array<rd_kafka_vu_t, 8> record_parts{{
      {.vtype = RD_KAFKA_VTYPE_RKT, .u = {.rkt = topic.c_ptr()}},
      {.vtype = RD_KAFKA_VTYPE_PARTITION, .u = {.i32 = RdKafka::Topic::PARTITION_UA}},
      {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u = {.i = RD_KAFKA_MSG_F_COPY}},
      {.vtype = RD_KAFKA_VTYPE_VALUE, .u = {.mem = {body, record.body.size()}}},
      {.vtype = RD_KAFKA_VTYPE_KEY, .u = {.mem = {key, record.key.size()}}},
      {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u = {.i64 = timestamp}},
      {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u = {.ptr = record.opaque}},
      {.vtype = RD_KAFKA_VTYPE_HEADERS, .u = {.headers = headers}},
  }};
  rd_kafka_error_t* const error =
      rd_kafka_produceva(producer_->c_ptr(), record_parts.data(), record_parts.size());
  if (error == nullptr) return {};
  const auto code = static_cast<RdKafka::ErrorCode>(rd_kafka_error_code(error));
  rd_kafka_error_destroy(error);
  // Only with a record that is taken do they change hands.
  if (headers != nullptr) rd_kafka_headers_destroy(headers);
  const std::string reason = RdKafka::err2str(code);
  if (code == RdKafka::ERR__QUEUE_FULL) return Error{Error::Code::kFull, reason};
  if (code == RdKafka::ERR__FATAL) return Error{Error::Code::kFatal, reason};
  const bool is_poison = OutcomeOf(code) == Publisher::Outcome::kPoison;
  return Error{is_poison ? Error::Code::kDrop : Error::Code::kRetry, reason};
}

void Producer::Flush(Duration patience) {
  producer_->flush(static_cast<int>(duration_cast<milliseconds>(patience).count()));
}

void Producer::Purge() {
  producer_->purge(RdKafka::Producer::PURGE_QUEUE | RdKafka::Producer::PURGE_INFLIGHT);
  Flush(kAfterPurge);
}

void Producer::dr_cb(RdKafka::Message& message) {
  const RdKafka::ErrorCode code = message.err();
  if (code == RdKafka::ERR__FATAL) listener_.OnFatal(message.errstr());
  const bool failed = code != RdKafka::ERR_NO_ERROR;
  listener_.OnReport(message.msg_opaque(), OutcomeOf(code), failed ? message.errstr() : "");
}

void Producer::event_cb(RdKafka::Event& event) {
  switch (event.type()) {
    case RdKafka::Event::EVENT_ERROR: {
      const std::string reason = RdKafka::err2str(event.err()) + ": " + event.str();
      const bool all_down = event.err() == RdKafka::ERR__ALL_BROKERS_DOWN;
      // That all are down tells less than why one is, which came before.
      if (!all_down || why_down_.empty()) {
        why_down_ = event.str();
        listener_.OnError(reason);
      }
      if (event.fatal()) {
        listener_.OnFatal(reason);
      } else if (all_down || event.err() == RdKafka::ERR__AUTHENTICATION ||
                 event.err() == RdKafka::ERR__SSL) {
        listener_.OnLink(PublisherStatus::Link::kDown, why_down_);
      }
      break;
    }
    case RdKafka::Event::EVENT_STATS:
      // A connection that carries nothing is seen here alone.
      if (event.str().find(R"("state":"UP")") != std::string::npos) {
        why_down_.clear();
        listener_.OnLink(PublisherStatus::Link::kUp, {});
      }
      break;
    case RdKafka::Event::EVENT_LOG:
      spdlog::debug("librdkafka: {}: {}", event.fac(), event.str());
      break;
    case RdKafka::Event::EVENT_THROTTLE:
      spdlog::debug("hub: asks to send slower, {} ms", event.throttle_time());
      break;
  }
}

}  // namespace

Result<std::unique_ptr<KafkaProducer>> MakeKafkaProducer(const KafkaProperties& properties,
                                                         KafkaProducer::Listener& listener) {
  auto producer = std::make_unique<Producer>(listener);
  if (auto started = producer->Start(properties); !started) return started.error();
  return std::unique_ptr<KafkaProducer>(std::move(producer));
}

Result<void> CheckKafkaProperties(const KafkaProperties& properties) {
  if (auto conf = MakeConf(properties); !conf) return conf.error();
  return {};
}

std::string CheckKafkaProperty(const std::string& name, const std::string& value) {
  const bool is_secret = IsSecretProperty(name);
  const auto say = [&](std::string_view why) {
    return "'" + name + ": " + (is_secret ? "***" : value) + "' is refused: " + std::string(why);
  };
  if (const std::string_view why = WhyRefused(name, value); !why.empty()) return say(why);
  const std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
  std::string reason;
  switch (conf->set(name, value, reason)) {
    case RdKafka::Conf::CONF_OK:
      return {};
    case RdKafka::Conf::CONF_UNKNOWN:
      return say("librdkafka knows no such property");
    default:
      // librdkafka quotes the value in its reason.
      return say(is_secret ? "librdkafka does not take this value" : reason);
  }
}

}  // namespace fleet_edge::uplink
