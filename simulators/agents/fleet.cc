#include "simulators/agents/fleet.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "simulators/agents/hub_line.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/outage.h"
#include "simulators/random.h"
#include "simulators/series_name.h"
#include "uplink/epoch.h"
#include "uplink/identity.h"
#include "uplink/ledger.h"

namespace fleet_edge::agents {
namespace {

using simulators::FleetVehicle;
using simulators::Outage;
using std::chrono::seconds;

constexpr Duration kSecond = seconds{1};

// After the last reading windows run empty, and alerts end.
constexpr std::int64_t kAftermathS = 15;

uplink::Identity IdentityOf(const simulators::FleetPlan& plan, std::uint32_t number,
                            simulators::Random& random) {
  constexpr double kNumbers = 0x1p32;
  return {.vehicle = simulators::FleetVehicleName(plan, number),
          .epoch = uplink::NewEpoch(plan.start, 0,
                                    static_cast<std::uint32_t>(random.Uniform(0, kNumbers))),
          .boot = number + 1};
}

}  // namespace

Fleet::Fleet(const Options& options, HubLine& line)
    : plan_(options.plan),
      outages_(simulators::Merged(options.outages)),
      clock_(plan_.start),
      line_(line),
      random_(plan_.seed, "agents"),
      shared_{.clock = clock_,
              .line = line,
              .rules = options.rules,
              .send_every = options.send_every,
              .outbox = options.outbox,
              .random = [this] { return random_.Uniform(0, 1); }},
      turns_(static_cast<std::size_t>(kSecond / kStep)) {
  for (const simulators::SeriesName& series : simulators::FleetSeries()) {
    series_.push_back(shared_.series.Find(series.name, series.labels));
  }
  for (std::uint32_t number = 0; number < plan_.vehicles; ++number) {
    const FleetVehicle senses(plan_, number);
    const Duration offset = senses.begin() - plan_.start;
    Vehicle& vehicle = vehicles_.emplace_back(senses, shared_, IdentityOf(plan_, number, random_),
                                              offset / kSecond);
    const Duration phase = offset % kSecond;
    turns_[static_cast<std::size_t>(phase / kStep)].push_back({phase, &vehicle});
  }
  for (std::vector<Turn>& step : turns_) std::ranges::stable_sort(step, {}, &Turn::phase);
}

Fleet::~Fleet() { line_.Close(); }

void Fleet::Step() {
  FollowOutages();
  line_.Poll();
  const std::int64_t second = elapsed_ / kSecond;
  const UtcTime begin = plan_.start + seconds{second};
  for (const Turn& turn : turns_[static_cast<std::size_t>(elapsed_ % kSecond / kStep)]) {
    // A reading comes in a little after it was measured.
    clock_.Set(begin + turn.phase + FleetVehicle::kMostJitter);
    TurnOf(*turn.vehicle, second);
  }
  elapsed_ += kStep;
}

void Fleet::FollowOutages() {
  line_.SetDown(std::ranges::any_of(outages_, [this](const Outage& outage) {
    return outage.begin <= elapsed_ && elapsed_ < outage.end;
  }));
}

void Fleet::TurnOf(Vehicle& vehicle, std::int64_t second) {
  const std::int64_t instant = second - vehicle.first_second;
  if (instant < 0 || (vehicle.stopped && vehicle.agent.waiting() == 0)) return;
  incoming_.clear();
  if (instant < plan_.seconds) Measure(vehicle, static_cast<std::uint32_t>(instant));
  const std::int64_t last =
      std::min<std::int64_t>(plan_.seconds, (measured_until() - vehicle.senses.begin()) / kSecond);
  if (!vehicle.stopped && instant >= last + kAftermathS) {
    vehicle.agent.Stop();
    vehicle.stopped = true;
    ++stopped_;
  }
  vehicle.agent.Turn(incoming_);
}

void Fleet::Measure(const Vehicle& vehicle, std::uint32_t instant) {
  const UtcTime time = vehicle.senses.TimeOf(instant);
  if (time >= measuring_until_) return;
  const simulators::FleetValues values = vehicle.senses.ValuesAt(instant);
  for (std::size_t i = 0; i < values.size(); ++i) {
    incoming_.push_back({.series = series_[i], .time = time, .value = values.at(i), .driver = 1});
  }
  readings_ += incoming_.size();
}

void Fleet::EndMeasuring() { measuring_until_ = std::min(measuring_until_, clock_.Now()); }

UtcTime Fleet::measured_until() const {
  return std::min<UtcTime>(measuring_until_,
                           plan_.start + plan_.spread + seconds{plan_.seconds} + kSecond);
}

Duration Fleet::length() const {
  return plan_.spread + seconds{plan_.seconds} + seconds{kAftermathS};
}

bool Fleet::done() const {
  return stopped() && std::ranges::all_of(vehicles_, [](const Vehicle& vehicle) {
           return vehicle.agent.waiting() == 0;
         });
}

Fleet::Counts Fleet::counts() const {
  Counts counts{.readings = readings_};
  for (const Vehicle& vehicle : vehicles_) {
    const uplink::Ledger::Snapshot books = vehicle.agent.ledger().snapshot();
    counts.accepted += books.accepted;
    counts.acknowledged += books.acknowledged;
    counts.waiting += books.queued;
    counts.dropped += books.dropped_total();
  }
  return counts;
}

}  // namespace fleet_edge::agents
