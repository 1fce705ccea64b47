#include "uplink/kafka_publisher.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafkacpp.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/clock_gate.h"
#include "uplink/kafka_properties.h"
#include "uplink/kafka_suspects.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A producer that dies at once (no right to anything) is not made anew faster than this.
constexpr Duration kRebuildPause = seconds{5};

// After a purge reports are there at once; this is for the threads to hand them over.
constexpr int kAfterPurgeMs = 200;

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

class KafkaPublisher : public Publisher, RdKafka::DeliveryReportCb, RdKafka::EventCb {
 public:
  KafkaPublisher(KafkaProperties properties, std::string vehicle, const Clock& clock)
      : properties_(std::move(properties)),
        vehicle_(std::move(vehicle)),
        clock_(clock),
        clock_gate_(UsesTls(properties_), clock) {
    status_.since = clock_.Boot();
  }

  KafkaPublisher(const KafkaPublisher&) = delete;
  KafkaPublisher& operator=(const KafkaPublisher&) = delete;
  ~KafkaPublisher() override { Destroy(); }

  /// Makes the producer, unless TLS has to wait for the clock; Poll() does it then.
  Result<void> Start();

  Result<void> Publish(const Batch& batch) override;
  std::vector<Report> Poll() override;
  std::vector<Report> Close(Duration patience) override;
  void SetWake(std::function<void()> wake) override;
  PublisherStatus status() const override;

 private:
  struct InFlight {
    BatchId id;
    UtcTime time;  // as sent
    BootTime published;
    bool alone;  // the whole of its request
    std::list<InFlight>::iterator self;
  };

  Result<void> Make();

  // Called by librdkafka inside poll() and flush(), on our thread.
  void dr_cb(RdKafka::Message& message) override;
  void event_cb(RdKafka::Event& event) override;

  void Settle(const InFlight& batch, Outcome outcome, std::string reason);
  void SetLink(PublisherStatus::Link link, const std::string& why);
  void WatchQueue();
  void GiveUpInFlight();
  void Destroy();
  void RebuildWhenDead();

  const KafkaProperties properties_;
  const std::string vehicle_;
  const Clock& clock_;
  std::function<void()> wake_;

  std::unique_ptr<RdKafka::Producer> producer_;
  rd_kafka_queue_t* events_ = nullptr;  // of producer_, while wake_ is called
  std::list<InFlight> in_flight_;       // its nodes are the messages' opaques
  std::vector<Report> reports_;
  ClockGate clock_gate_;
  KafkaSuspects suspects_;
  bool alone_ = false;  // a suspect is in flight, and nothing may join it
  bool dead_ = false;   // no producer, or one that will never send again: a fatal error
  bool was_made_ = false;
  BootTime rebuild_at_;
  PublisherStatus status_;
};

Result<void> KafkaPublisher::Start() {
  if (clock_gate_.IsOpen()) return Make();
  if (auto conf = MakeConf(properties_); !conf) return conf.error();
  dead_ = true;
  status_.error = "the clock is not set, and TLS waits for it";
  spdlog::warn("hub: {}. Batches are kept", status_.error);
  return {};
}

Result<void> KafkaPublisher::Make() {
  auto conf = MakeConf(properties_);
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
  was_made_ = true;
  producer_->set_log_queue(nullptr);
  if (wake_) WatchQueue();
  return {};
}

void KafkaPublisher::SetWake(std::function<void()> wake) {
  wake_ = std::move(wake);
  if (producer_ != nullptr) WatchQueue();
}

void KafkaPublisher::WatchQueue() {
  events_ = rd_kafka_queue_get_main(producer_->c_ptr());
  const auto ring = [](rd_kafka_t* /*producer*/, void* self) {
    static_cast<KafkaPublisher*>(self)->wake_();
  };
  rd_kafka_queue_cb_event_enable(events_, ring, this);
}

Result<void> KafkaPublisher::Publish(const Batch& batch) {
  if (producer_ == nullptr || dead_) return Error{Error::Code::kRetry, "the producer is made anew"};
  const bool alone = suspects_.Contains(batch.id);
  if (alone_ || (alone && !in_flight_.empty())) {
    return Error{Error::Code::kFull, "one that was refused is tried alone"};
  }
  in_flight_.push_back({batch.id, suspects_.TimeOf(batch), clock_.Boot(), alone, {}});
  InFlight& entry = in_flight_.back();
  entry.self = std::prev(in_flight_.end());
  const auto timestamp = duration_cast<milliseconds>(entry.time.time_since_epoch()).count();
  // librdkafka takes a pointer that it does not write through: RK_MSG_COPY.
  auto* const body = const_cast<char*>(batch.body.data());
  const RdKafka::ErrorCode code =
      producer_->produce(std::string(TopicOf(batch.id.lane)), RdKafka::Topic::PARTITION_UA,
                         RdKafka::Producer::RK_MSG_COPY, body, batch.body.size(), vehicle_.data(),
                         vehicle_.size(), timestamp, &entry);
  if (code == RdKafka::ERR_NO_ERROR) {
    ++status_.sent;
    alone_ = alone;
    return {};
  }
  in_flight_.pop_back();
  if (code == RdKafka::ERR__QUEUE_FULL) return Error{Error::Code::kFull, RdKafka::err2str(code)};
  status_.error = RdKafka::err2str(code);
  if (code == RdKafka::ERR__FATAL) dead_ = true;
  const bool is_poison = OutcomeOf(code) == Outcome::kPoison;
  return Error{is_poison ? Error::Code::kDrop : Error::Code::kRetry, status_.error};
}

std::vector<Publisher::Report> KafkaPublisher::Poll() {
  if (producer_ != nullptr) producer_->poll(0);
  RebuildWhenDead();
  return std::exchange(reports_, {});
}

std::vector<Publisher::Report> KafkaPublisher::Close(Duration patience) {
  if (producer_ != nullptr) {
    producer_->flush(static_cast<int>(duration_cast<milliseconds>(patience).count()));
    GiveUpInFlight();
    Destroy();
  }
  return std::exchange(reports_, {});
}

void KafkaPublisher::GiveUpInFlight() {
  producer_->purge(RdKafka::Producer::PURGE_QUEUE | RdKafka::Producer::PURGE_INFLIGHT);
  producer_->flush(kAfterPurgeMs);
  while (!in_flight_.empty()) Settle(in_flight_.front(), Outcome::kReturned, "given up");
}

void KafkaPublisher::Destroy() {
  if (events_ != nullptr) {
    rd_kafka_queue_cb_event_enable(events_, nullptr, nullptr);
    rd_kafka_queue_destroy(std::exchange(events_, nullptr));
  }
  producer_.reset();
}

void KafkaPublisher::RebuildWhenDead() {
  if (!dead_) return;
  if (producer_ != nullptr) {
    GiveUpInFlight();
    Destroy();
  }
  if (!clock_gate_.IsOpen() || clock_.Boot() < rebuild_at_) return;
  rebuild_at_ = clock_.Boot() + kRebuildPause;
  if (was_made_) ++status_.rebuilt;
  if (auto made = Make(); !made) {
    status_.error = made.error().message;
    spdlog::error("hub: no producer can be made: {}. Trying again", status_.error);
    return;
  }
  dead_ = false;
}

PublisherStatus KafkaPublisher::status() const {
  PublisherStatus status = status_;
  status.in_flight = in_flight_.size();
  return status;
}

void KafkaPublisher::dr_cb(RdKafka::Message& message) {
  const auto* const batch = static_cast<InFlight*>(message.msg_opaque());
  const bool none_yet = suspects_.empty();
  const Outcome outcome =
      suspects_.Judge(batch->id, batch->time, OutcomeOf(message.err()), batch->alone);
  if (none_yet && !suspects_.empty()) {
    spdlog::warn("hub: refuses a request: {}. Its batches go one by one", message.errstr());
  }
  if (outcome == Outcome::kAcknowledged) {
    status_.round_trip = clock_.Boot() - batch->published;
    SetLink(PublisherStatus::Link::kUp, {});
    Settle(*batch, outcome, {});
    return;
  }
  if (message.err() == RdKafka::ERR__FATAL) dead_ = true;
  ++status_.returned;
  status_.error = message.errstr();
  Settle(*batch, outcome, message.errstr());
}

void KafkaPublisher::Settle(const InFlight& batch, Outcome outcome, std::string reason) {
  reports_.push_back({batch.id, outcome, std::move(reason)});
  if (batch.alone) alone_ = false;
  in_flight_.erase(batch.self);
}

void KafkaPublisher::event_cb(RdKafka::Event& event) {
  switch (event.type()) {
    case RdKafka::Event::EVENT_ERROR:
      status_.error = RdKafka::err2str(event.err()) + ": " + event.str();
      if (event.fatal()) {
        dead_ = true;
        spdlog::warn("hub: the producer gave up: {}. A new one sends what is not acknowledged",
                     status_.error);
      } else if (event.err() == RdKafka::ERR__ALL_BROKERS_DOWN ||
                 event.err() == RdKafka::ERR__AUTHENTICATION || event.err() == RdKafka::ERR__SSL) {
        SetLink(PublisherStatus::Link::kDown, event.str());
      }
      break;
    case RdKafka::Event::EVENT_STATS:
      // A connection that carries nothing is seen here alone.
      if (event.str().find(R"("state":"UP")") != std::string::npos) {
        SetLink(PublisherStatus::Link::kUp, {});
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

void KafkaPublisher::SetLink(PublisherStatus::Link link, const std::string& why) {
  if (status_.link == link) return;
  status_.link = link;
  status_.since = clock_.Boot();
  if (link == PublisherStatus::Link::kUp) {
    status_.error.clear();
    spdlog::info("hub: reached");
  } else {
    spdlog::warn("hub: not reached: {}. Batches are kept, trying again", why);
  }
}

}  // namespace

Result<std::unique_ptr<Publisher>> MakeKafkaPublisher(const KafkaProperties& properties,
                                                      const std::string& vehicle,
                                                      const Clock& clock) {
  auto publisher = std::make_unique<KafkaPublisher>(properties, vehicle, clock);
  if (auto made = publisher->Start(); !made) return made.error();
  return std::unique_ptr<Publisher>(std::move(publisher));
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
