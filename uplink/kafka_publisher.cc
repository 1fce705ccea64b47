#include "uplink/kafka_publisher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/clock_gate.h"
#include "uplink/cloud_event.h"
#include "uplink/kafka_producer.h"
#include "uplink/kafka_properties.h"
#include "uplink/kafka_suspects.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::seconds;

// A producer that dies at once (no right to anything) is not made anew faster than this.
constexpr Duration kRebuildPause = seconds{5};

class KafkaPublisher : public Publisher, KafkaProducer::Listener {
 public:
  KafkaPublisher(KafkaProperties properties, std::string vehicle, const Clock& clock,
                 RecordStyle style)
      : properties_(std::move(properties)),
        vehicle_(std::move(vehicle)),
        style_(style),
        clock_(clock),
        clock_gate_(UsesTls(properties_), clock) {
    status_.since = clock_.Boot();
  }

  KafkaPublisher(const KafkaPublisher&) = delete;
  KafkaPublisher& operator=(const KafkaPublisher&) = delete;
  ~KafkaPublisher() override { producer_.reset(); }  // it reports to what is left

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

  void OnReport(void* record, Outcome outcome, const std::string& reason) override;
  void OnFatal(const std::string& reason) override;
  void OnError(const std::string& reason) override { status_.error = reason; }
  void OnLink(PublisherStatus::Link link, const std::string& why) override;

  void NoteRefusal(const std::string& reason);
  void Settle(const InFlight& batch, Outcome outcome, std::string reason);
  void GiveUpInFlight();
  void RebuildWhenDead();

  const KafkaProperties properties_;
  const std::string vehicle_;
  const RecordStyle style_;
  const Clock& clock_;
  std::function<void()> wake_;

  std::unique_ptr<KafkaProducer> producer_;
  std::list<InFlight> in_flight_;  // its nodes are the records' opaques
  std::vector<Report> reports_;
  ClockGate clock_gate_;
  KafkaSuspects suspects_;
  bool refused_ = false;   // by a hub that is reached
  bool gives_up_ = false;  // what comes back was purged by us
  bool alone_ = false;     // a suspect is in flight, and nothing may join it
  bool dead_ = false;      // no producer, or one that will never send again: a fatal error
  bool was_made_ = false;
  BootTime rebuild_at_;
  BootTime answered_;  // last
  PublisherStatus status_;
};

Result<void> KafkaPublisher::Start() {
  if (clock_gate_.IsOpen()) return Make();
  if (auto good = CheckKafkaProperties(properties_); !good) return good;
  dead_ = true;
  status_.error = "the clock is not set, and TLS waits for it";
  spdlog::warn("hub: {}. Batches are kept", status_.error);
  return {};
}

Result<void> KafkaPublisher::Make() {
  auto made = MakeKafkaProducer(properties_, *this);
  if (!made) return made.error();
  producer_ = std::move(*made);
  was_made_ = true;
  if (wake_) producer_->SetWake(wake_);
  return {};
}

void KafkaPublisher::SetWake(std::function<void()> wake) {
  wake_ = std::move(wake);
  if (producer_ != nullptr) producer_->SetWake(wake_);
}

Result<void> KafkaPublisher::Publish(const Batch& batch) {
  if (producer_ == nullptr || dead_) return Error{Error::Code::kRetry, "the producer is made anew"};
  suspects_.ForgetBefore(batch.id);
  const bool alone = suspects_.Contains(batch.id);
  if (alone_ || (alone && !in_flight_.empty())) {
    return Error{Error::Code::kFull, "one that was refused is tried alone"};
  }
  in_flight_.push_back({batch.id, suspects_.TimeOf(batch), clock_.Boot(), alone, {}});
  InFlight& entry = in_flight_.back();
  entry.self = std::prev(in_flight_.end());
  auto done = producer_->Produce({.lane = batch.id.lane,
                                  .time = entry.time,
                                  .key = vehicle_,
                                  .body = batch.body,
                                  .headers = style_ == RecordStyle::kCloudEvents
                                                 ? CloudEventHeaders(vehicle_, batch)
                                                 : RecordHeaders{},
                                  .opaque = &entry});
  if (done) {
    ++status_.sent;
    status_.sent_bytes.count += batch.body.size();
    alone_ = alone;
    return {};
  }
  in_flight_.pop_back();
  if (done.error().code == Error::Code::kFull) return done;
  status_.error = done.error().message;
  if (done.error().code != Error::Code::kFatal) return done;
  OnFatal(status_.error);
  return Error{Error::Code::kRetry, status_.error};
}

std::vector<Publisher::Report> KafkaPublisher::Poll() {
  if (producer_ != nullptr) producer_->Poll();
  RebuildWhenDead();
  return std::exchange(reports_, {});
}

std::vector<Publisher::Report> KafkaPublisher::Close(Duration patience) {
  if (producer_ != nullptr) {
    producer_->Flush(patience);
    GiveUpInFlight();
  }
  return std::exchange(reports_, {});
}

void KafkaPublisher::GiveUpInFlight() {
  gives_up_ = true;
  producer_->Purge();
  while (!in_flight_.empty()) Settle(in_flight_.front(), Outcome::kReturned, "given up");
  gives_up_ = false;
  producer_.reset();
}

void KafkaPublisher::RebuildWhenDead() {
  if (!dead_) return;
  if (producer_ != nullptr) GiveUpInFlight();
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
  if (!in_flight_.empty()) {
    status.unanswered = clock_.Boot() - std::max(in_flight_.front().published, answered_);
  }
  return status;
}

void KafkaPublisher::OnReport(void* record, Outcome outcome, const std::string& reason) {
  const auto* const batch = static_cast<InFlight*>(record);
  const bool none_yet = suspects_.empty();
  outcome = suspects_.Judge(batch->id, batch->time, outcome, batch->alone);
  if (none_yet && !suspects_.empty()) {
    spdlog::warn("hub: refuses a request: {}. Its batches go one by one", reason);
  }
  if (outcome == Outcome::kAcknowledged) {
    answered_ = clock_.Boot();
    status_.round_trip = answered_ - batch->published;
    OnLink(PublisherStatus::Link::kUp, {});
    status_.error.clear();
    NoteRefusal({});
  } else {
    ++status_.returned;
    status_.error = reason;
    if (outcome == Outcome::kReturned && suspects_.empty()) NoteRefusal(reason);
  }
  Settle(*batch, outcome, reason);
}

/// Of a hub that is reached; nothing: it takes a batch. What we give up ourselves is none.
void KafkaPublisher::NoteRefusal(const std::string& reason) {
  if (reason.empty() == !refused_ || gives_up_ || status_.link != PublisherStatus::Link::kUp)
    return;
  refused_ = !reason.empty();
  if (refused_) {
    spdlog::warn("hub: refuses what is sent: {}. Batches are kept, trying again", reason);
  } else {
    spdlog::info("hub: takes what is sent again");
  }
}

void KafkaPublisher::Settle(const InFlight& batch, Outcome outcome, std::string reason) {
  reports_.push_back({batch.id, outcome, std::move(reason)});
  if (batch.alone) alone_ = false;
  in_flight_.erase(batch.self);
}

void KafkaPublisher::OnFatal(const std::string& reason) {
  if (std::exchange(dead_, true)) return;
  spdlog::warn("hub: the producer gave up: {}. A new one sends what is not acknowledged", reason);
}

void KafkaPublisher::OnLink(PublisherStatus::Link link, const std::string& why) {
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
                                                      const Clock& clock, RecordStyle style) {
  auto publisher = std::make_unique<KafkaPublisher>(properties, vehicle, clock, style);
  if (auto made = publisher->Start(); !made) return made.error();
  return std::unique_ptr<Publisher>(std::move(publisher));
}

}  // namespace fleet_edge::uplink
