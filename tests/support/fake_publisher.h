#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {

/// What the hub has, in the order of arrival; outlives the publishers of a test.
using FakeHub = std::vector<Batch>;

/// A publisher whose hub and link a test holds in its hand. One thread.
class FakePublisher : public Publisher {
 public:
  enum class Bug {
    kNone,
    kAcknowledgesOnSend,  ///< the outbox deletes what the hub may never get
  };

  explicit FakePublisher(FakeHub& hub, Bug bug = Bug::kNone) : hub_(hub), bug_(bug) {}

  /// Up: what is in flight arrives at the next Poll(). Down: it waits.
  void set_up(bool up) { up_ = up; }

  /// Publish() refuses beyond so many in flight.
  void set_room(std::size_t batches) { room_ = batches; }

  /// The next batches are refused so.
  void RefuseNext(std::size_t times, Error error) { refusals_.assign(times, std::move(error)); }

  /// The next reports of what is in flight are such.
  void ReportNext(std::size_t times, Outcome outcome) { outcomes_.assign(times, outcome); }

  /// All in flight comes back, as after a fatal error.
  void ReturnAll() { ReportNext(in_flight_.size(), Outcome::kReturned); }

  std::size_t in_flight() const { return in_flight_.size(); }
  void Ring() const { wake_(); }

  Result<void> Publish(const Batch& batch) override {
    if (!refusals_.empty()) {
      Error error = refusals_.front();
      refusals_.pop_front();
      return error;
    }
    if (in_flight_.size() >= room_) return Error{Error::Code::kFull, "queue full"};
    in_flight_.push_back(batch);
    if (bug_ == Bug::kAcknowledgesOnSend)
      reports_.push_back({batch.id, Outcome::kAcknowledged, {}});
    return {};
  }

  std::vector<Report> Poll() override {
    while (!in_flight_.empty() && (up_ || !outcomes_.empty())) Settle();
    return std::exchange(reports_, {});
  }

  /// Called when an orderly end begins to wait for the hub.
  std::function<void()> on_close;

  std::vector<Report> Close(Duration /*patience*/) override {
    if (on_close) on_close();
    if (!up_) ReturnAll();
    return Poll();
  }

  void SetWake(std::function<void()> wake) override { wake_ = std::move(wake); }

  PublisherStatus status() const override {
    PublisherStatus status;
    status.link = up_ ? PublisherStatus::Link::kUp : PublisherStatus::Link::kDown;
    status.in_flight = in_flight_.size();
    return status;
  }

 private:
  void Settle() {
    Outcome outcome = Outcome::kAcknowledged;
    if (!outcomes_.empty()) {
      outcome = outcomes_.front();
      outcomes_.pop_front();
    }
    Batch batch = std::move(in_flight_.front());
    in_flight_.pop_front();
    const std::string reason = outcome == Outcome::kAcknowledged ? "" : "refused by the test";
    if (bug_ != Bug::kAcknowledgesOnSend) reports_.push_back({batch.id, outcome, reason});
    if (outcome == Outcome::kAcknowledged) hub_.push_back(std::move(batch));
  }

  FakeHub& hub_;
  const Bug bug_;
  bool up_ = true;
  std::size_t room_ = std::numeric_limits<std::size_t>::max();
  std::deque<Batch> in_flight_;
  std::deque<Error> refusals_;
  std::deque<Outcome> outcomes_;
  std::vector<Report> reports_;
  std::function<void()> wake_;
};

}  // namespace fleet_edge::uplink
