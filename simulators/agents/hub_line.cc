#include "simulators/agents/hub_line.h"

#include <chrono>
#include <iterator>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/kafka_producer.h"
#include "uplink/kafka_properties.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::agents {
namespace {

using Outcome = uplink::Publisher::Outcome;

// As the agent's publisher: a producer that dies at once is not made anew faster than this.
constexpr std::chrono::seconds kRebuildPause{5};

}  // namespace

Result<void> HubLine::Link::Publish(const uplink::Batch& batch) { return line_.Send(*this, batch); }

HubLine::HubLine(MakeProducer make)
    : make_(std::move(make)), ring_([this] {
        {
          const std::lock_guard lock(mutex_);
          rung_ = true;
        }
        rings_.notify_one();
      }) {
  if (auto made = Make(); !made) {
    throw std::runtime_error("no producer for the hub: " + made.error().message);
  }
}

Result<void> HubLine::Make() {
  auto made = make_(*this);
  if (!made) return made.error();
  producer_ = std::move(*made);
  producer_->SetWake(ring_);
  return {};
}

HubLine::~HubLine() { Close(); }

Result<void> HubLine::Send(Link& link, const uplink::Batch& batch) {
  if (down_) return Error{Error::Code::kRetry, "the network is away"};
  if (producer_ == nullptr || dead_) return Error{Error::Code::kRetry, "the producer is made anew"};
  InFlight& record = in_flight_.emplace_back(InFlight{&link, batch.id, {}});
  record.self = std::prev(in_flight_.end());
  auto done = producer_->Produce({.lane = batch.id.lane,
                                  .time = batch.time,
                                  .key = link.vehicle_,
                                  .body = batch.body,
                                  .headers = {},
                                  .opaque = &record});
  if (done) return done;
  in_flight_.pop_back();
  if (done.error().code != Error::Code::kFatal) return done;
  OnFatal(done.error().message);
  return Error{Error::Code::kRetry, error_};
}

void HubLine::Poll() {
  if (producer_ != nullptr) producer_->Poll();
  RebuildWhenDead();
}

void HubLine::Wait(Duration patience) {
  std::unique_lock lock(mutex_);
  rings_.wait_for(lock, patience, [this] { return rung_; });
  rung_ = false;
}

void HubLine::RebuildWhenDead() {
  if (!dead_) return;
  if (producer_ != nullptr) Close();
  const auto now = std::chrono::steady_clock::now();
  if (now < rebuild_at_) return;
  rebuild_at_ = now + kRebuildPause;
  ++counts_.rebuilt;
  if (auto made = Make()) {
    dead_ = false;
  } else {
    error_ = made.error().message;
  }
}

void HubLine::Close() {
  if (producer_ == nullptr) return;
  producer_->Purge();
  producer_.reset();
}

void HubLine::OnReport(void* record, Outcome outcome, const std::string& reason) {
  const auto* const sent = static_cast<InFlight*>(record);
  switch (outcome) {
    case Outcome::kAcknowledged:
      ++counts_.acknowledged;
      error_.clear();
      break;
    case Outcome::kReturned:
      ++counts_.returned;
      error_ = reason;
      break;
    case Outcome::kPoison:
      ++counts_.refused;
      error_ = reason;
      break;
  }
  sent->link->reports_.push_back({sent->id, outcome, reason});
  in_flight_.erase(sent->self);
}

void HubLine::OnFatal(const std::string& reason) {
  dead_ = true;
  error_ = reason;
}

void HubLine::OnLink(uplink::PublisherStatus::Link link, const std::string& why) {
  error_ = link == uplink::PublisherStatus::Link::kUp ? std::string() : why;
}

uplink::KafkaProperties LineProperties(const std::string& hub, const uplink::KafkaProperties& own) {
  uplink::KafkaProperties properties = own;
  properties.insert({{"bootstrap.servers", hub},
                     {"client.id", "fleet-sim"},
                     {"queue.buffering.max.messages", std::to_string(kLineRecords)},
                     {"queue.buffering.max.kbytes", "65536"}});
  return properties;
}

}  // namespace fleet_edge::agents
