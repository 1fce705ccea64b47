#include "tests/simulation/hub.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/names.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::simulation {
namespace {

std::string_view NameOf(uplink::Publisher::Outcome outcome) {
  using enum uplink::Publisher::Outcome;
  switch (outcome) {
    case kAcknowledged:
      return "acknowledged";
    case kReturned:
      return "returned";
    case kPoison:
      return "poison";
  }
  return "?";
}

/// With a live share the newest telemetry may go ahead of a backlog.
bool IsLive(const World& world, const uplink::BatchId& id) {
  return id.lane == uplink::Lane::kTelemetry && world.scenario.options.live_share > 0;
}

}  // namespace

void Hub::Append(const uplink::Batch& batch) {
  const auto [known, is_new] = bodies_.try_emplace(batch.id, batch.body);
  world_.trace.Say("hub: {}{}", NameOf(batch.id), is_new ? "" : " again");
  if (!is_new) {
    ++duplicates_;
    if (known->second != batch.body) {
      world_.Break("I5: " + NameOf(batch.id) + " arrives with another body than before");
    }
    return;
  }
  const auto [newest, is_first] = newest_.try_emplace(batch.id.lane, batch.id);
  // By the order of starts: an epoch that no disk would keep may be undercut by the next one.
  const auto place = [this](const uplink::BatchId& id) {
    return std::pair{world_.starts.at(id.epoch), id.seq};
  };
  if (const auto gap = GapIn(batch)) gaps_.push_back(*gap);
  if (is_first || place(newest->second) < place(batch.id)) {
    newest->second = batch.id;
  } else if (!IsLive(world_, batch.id) && !world_.out_of_turn.contains(batch.id)) {
    world_.Break("I3: " + NameOf(batch.id) + " arrives behind " + NameOf(newest->second));
  }
}

Result<void> SimulatedPublisher::Publish(const uplink::Batch& batch) {
  world_.MayDie("publish");
  // As a producer without gaps: until it was reported that one has failed, no other is taken.
  for (const Report& report : reports_) {
    if (report.outcome != Outcome::kAcknowledged) return Error{Error::Code::kFull, "poll first"};
  }
  if (world_.Strikes(world_.scenario.refuses)) return Error{Error::Code::kRetry, "not authorised"};
  if (in_flight_.size() >= world_.scenario.publisher_room) {
    return Error{Error::Code::kFull, "queue full"};
  }
  // Half of the poison is seen before it is sent.
  if (IsPoison(world_, batch.id) && batch.id.seq % 2 == 0)
    return Error{Error::Code::kDrop, "too large"};
  const double takes = static_cast<double>(batch.body.size() + 100) /
                       static_cast<double>(world_.scenario.link_rate.count);
  link_free_ = std::max(link_free_, world_.clock.elapsed()) +
               Duration{static_cast<Duration::rep>(takes * 1e6)};
  in_flight_.push_back({.batch = batch, .arrives = link_free_ + world_.scenario.latency / 2});
  world_.trace.Say("publish {}", NameOf(batch.id));
  return {};
}

bool IsPoison(const World& world, const uplink::BatchId& id) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
  const std::uint64_t mixed = (id.seq * 4 + static_cast<std::uint64_t>(id.lane) + id.epoch) * kMix;
  return static_cast<double>(mixed >> 11U) * 0x1p-53 < world.scenario.poison;
}

std::optional<Duration> SimulatedPublisher::NextDue() const {
  std::optional<Duration> due;
  for (const InFlight& batch : in_flight_) {
    const Duration at = batch.answered.value_or(batch.arrives);
    if (world_.link_up) due = std::min(due.value_or(at), at);
  }
  return due;
}

void SimulatedPublisher::Work() {
  if (!world_.link_up) return;
  const std::size_t before = reports_.size();
  for (std::size_t at = 0; at < in_flight_.size();) {
    if (!in_flight_[at].answered && in_flight_[at].arrives <= world_.clock.elapsed() &&
        !Arrive(at)) {
      at = 0;  // some have gone
      continue;
    }
    const auto& answered = in_flight_[at].answered;
    if (!answered || *answered > world_.clock.elapsed()) {
      ++at;
    } else if (world_.Strikes(world_.scenario.ack_lost)) {
      ReturnLane(in_flight_[at].batch.id.lane, at);
      at = 0;
    } else {
      Settle(at, Outcome::kAcknowledged);
    }
  }
  if (reports_.size() > before) wake_();
}

bool SimulatedPublisher::Arrive(std::size_t at) {
  InFlight& batch = in_flight_[at];
  if (IsPoison(world_, batch.batch.id)) {
    RefuseRequest(at);
    return false;
  }
  hub_.Append(batch.batch);
  batch.answered = world_.clock.elapsed() + world_.scenario.latency / 2;
  return true;
}

void SimulatedPublisher::RefuseRequest(std::size_t at) {
  const uplink::BatchId poison = in_flight_[at].batch.id;
  Settle(at, Outcome::kPoison);
  ReturnLane(poison.lane, at);
}

void SimulatedPublisher::ReturnLane(uplink::Lane lane, std::size_t from) {
  for (std::size_t i = from; i < in_flight_.size();) {
    if (in_flight_[i].batch.id.lane == lane) {
      Settle(i, Outcome::kReturned);
    } else {
      ++i;
    }
  }
}

void SimulatedPublisher::Settle(std::size_t at, Outcome outcome) {
  const uplink::BatchId id = in_flight_[at].batch.id;
  in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(at));
  reports_.push_back(
      {id, outcome, outcome == Outcome::kAcknowledged ? "" : "the simulation wants it"});
}

void SimulatedPublisher::Fail() {
  world_.trace.Say("the producer dies, {} come back", in_flight_.size());
  while (!in_flight_.empty()) Settle(0, Outcome::kReturned);
  link_free_ = world_.clock.elapsed();
  if (!reports_.empty()) wake_();
}

void SimulatedPublisher::Abandon() {
  if (!world_.link_up) return;
  std::uint64_t arrive = world_.chance.Below(in_flight_.size() + 1);
  for (const InFlight& batch : in_flight_) {
    if (batch.answered) continue;
    if (arrive-- == 0 || IsPoison(world_, batch.batch.id)) return;
    hub_.Append(batch.batch);
  }
}

std::vector<SimulatedPublisher::Report> SimulatedPublisher::Poll() {
  world_.MayDie("poll");
  for (const Report& report : reports_) {
    world_.trace.Say("report {}: {}", NameOf(report.id), NameOf(report.outcome));
  }
  return std::exchange(reports_, {});
}

std::vector<SimulatedPublisher::Report> SimulatedPublisher::Close(Duration patience) {
  const Duration end = world_.clock.elapsed() + patience;
  while (world_.clock.elapsed() < end && !in_flight_.empty()) {
    world_.pass_time(std::max(patience / 10, Duration{1}));
  }
  while (!in_flight_.empty()) Settle(0, Outcome::kReturned);
  return Poll();
}

uplink::PublisherStatus SimulatedPublisher::status() const {
  uplink::PublisherStatus status;
  status.link =
      world_.link_up ? uplink::PublisherStatus::Link::kUp : uplink::PublisherStatus::Link::kDown;
  status.in_flight = in_flight_.size();
  return status;
}

}  // namespace fleet_edge::simulation
