#include "tests/simulation/life.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "tests/simulation/agent_start.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/scenario.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::simulation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::years;

constexpr UtcTime kToday{seconds{1'700'000'000}};

// A thread that is woken works after so long, at most.
constexpr Duration kScheduling = milliseconds{2};

// More turns than this in a second are a loop that waits for nothing.
constexpr std::uint64_t kMostTurns = 20'000;

// So long may the queue take to drain once nothing fails any more.
constexpr Duration kDrain = hours{2};

/// What an orderly end may leave in the status lane for the next start: the report of it, and one
/// gap a lane. No more: a gap waits from when the hub was last heard, nothing of its lane was
/// acknowledged since, and so all that the lane dropped meanwhile are neighbours, which are one
/// gap.
bool IsRestOfEnd(const Disk::Content::Rows& status) {
  std::set<std::string> told;
  return std::ranges::all_of(status, [&](const auto& row) {
    const auto gap = GapIn(row.second->batch);
    return told.insert(gap ? gap->topic() : "the report").second;
  });
}

}  // namespace

Life::Life(std::uint64_t seed, bool traced)
    : world_(seed, traced), hub_(world_), model_(world_, disk_, hub_) {
  const Scenario& scenario = world_.scenario;
  world_.pass_time = [this](Duration by) { RunUntil(world_.clock.elapsed() + by, false); };
  world_.clock.Reboot(kToday);
  weather_at_ = Later(scenario.weather_every);
  decay_at_ = Later(scenario.damage_every);
  clock_step_at_ = Later(scenario.clock_step_every);
  death_at_ = Later(scenario.dies_every);
  restart_at_ = Later(scenario.restart_every);
  freeze_at_ = Later(scenario.freeze_every);
}

Outcome Life::Live() {
  Run(world_.scenario.length);
  if (world_.broken.empty()) Drain();
  if (world_.broken.empty()) model_.CheckAll();
  return {.broken = world_.broken,
          .accepted = model_.accepted(),
          .delivered = hub_.bodies().size(),
          .duplicates = hub_.duplicates(),
          .gaps = hub_.gaps().size(),
          .deaths = deaths_,
          .restarts = restarts_,
          .losses = model_.losses()};
}

Duration Life::Later(Duration mean) {
  if (mean == Duration::zero()) return Duration::max();
  return world_.clock.elapsed() + world_.chance.Between(mean / 8 + Duration{1}, mean * 3);
}

void Life::Run(Duration until) {
  while (world_.clock.elapsed() < until && world_.broken.empty()) {
    try {
      if (!agent_) Begin();
      RunUntil(until, true);
    } catch (const Death& death) {
      Die(death.power);
    }
  }
}

void Life::Begin() {
  agent_ = std::make_unique<AgentStart>(world_, disk_, hub_, model_);
  pipeline_at_ = uplink_at_ = sensor_at_ = world_.clock.elapsed();
}

void Life::Die(bool power) {
  ++deaths_;
  if (agent_) agent_->publisher().Abandon();
  agent_.reset();
  RestartDisk(power);
  model_.CheckDeath();
  if (power) {
    const UtcTime clocks[] = {kToday + world_.clock.elapsed(), UtcTime{}, kToday - years{10},
                              kToday + years{10}};
    world_.clock.Reboot(world_.chance.OneOf(clocks));
  }
  world_.clock.AdvanceTo(world_.clock.elapsed() +
                         world_.chance.Between(milliseconds{10}, seconds{30}));
}

Duration Life::NextEvent(bool with_uplink) const {
  Duration next = std::min({weather_at_, clock_step_at_, death_at_});
  if (with_uplink) next = std::min({next, uplink_at_, decay_at_, restart_at_, freeze_at_});
  if (!agent_) return next;
  if (!agent_->ends()) next = std::min({next, pipeline_at_, sensor_at_});
  return std::min(next, agent_->publisher().NextDue().value_or(Duration::max()));
}

void Life::RunUntil(Duration until, bool with_uplink) {
  for (;;) {
    const Duration next = std::max(NextEvent(with_uplink), world_.clock.elapsed());
    if (next > until || !world_.broken.empty()) break;
    world_.clock.AdvanceTo(next);
    Happen(with_uplink);
    if (with_uplink && !agent_) return;
  }
  world_.clock.AdvanceTo(until);
}

void Life::Happen(bool with_uplink) {
  const Duration now = world_.clock.elapsed();
  if (weather_at_ <= now) ChangeWeather();
  if (clock_step_at_ <= now) StepWallClock();
  if (death_at_ <= now) {
    death_at_ = Later(world_.scenario.dies_every);
    const bool power = !world_.chance.Happens(world_.scenario.kill);
    world_.trace.Say("{}", power ? "POWER CUT" : "KILLED");
    throw Death{power};
  }
  if (!agent_) return;
  if (agent_->publisher().NextDue().value_or(Duration::max()) <= now) agent_->publisher().Work();
  if (!agent_->ends()) {
    if (sensor_at_ <= now) Sense();
    if (pipeline_at_ <= now) pipeline_at_ = agent_->StepPipeline();
  }
  if (!with_uplink) return;
  HearRing();
  if (uplink_at_ <= now) TurnUplink();
  if (decay_at_ <= now) Decay();
  if (freeze_at_ <= now) Freeze();
  if (restart_at_ <= now) Restart();
}

void Life::HearRing() {
  if (!agent_->rung()) return;
  const Duration wakes = world_.clock.elapsed() + world_.chance.Between(Duration{1}, kScheduling);
  uplink_at_ = std::min(uplink_at_, wakes);
}

void Life::TurnUplink() {
  const Duration now = world_.clock.elapsed();
  if (now / seconds{1} != turns_in_) turns_ = 0;
  turns_in_ = now / seconds{1};
  if (++turns_ == kMostTurns) world_.Break("I4: the uplink turns without waiting");
  uplink_at_ = agent_->StepUplink();
  HearRing();  // what came while it hung
}

void Life::RestartDisk(bool power) {
  const auto brought = disk_.Restart(power, world_.chance.Happens(0.5));
  world_.out_of_turn.insert(brought.begin(), brought.end());
}

void Life::Restart() {
  restart_at_ = Later(world_.scenario.restart_every);
  ++restarts_;
  agent_->Finish();
  agent_.reset();
  RestartDisk(world_.chance.Happens(0.5));
}

void Life::Drain() {
  world_.trace.Say("the faults stop");
  world_.faults = false;
  world_.disk = World::DiskState::kSound;
  world_.link_up = true;
  for (Duration* const event :
       {&weather_at_, &decay_at_, &clock_step_at_, &death_at_, &restart_at_, &freeze_at_}) {
    *event = Duration::max();
  }
  if (!agent_) Begin();
  // A gap is announced once the hub is heard after it: a reading comes now and then.
  for (int round = 0; round < 3 && world_.broken.empty(); ++round) {
    sensor_at_ = world_.clock.elapsed();
    RunUntil(world_.clock.elapsed() + seconds{15}, true);
    const Duration end = world_.clock.elapsed() + kDrain;
    while (agent_->queued() > 0 && world_.clock.elapsed() < end && world_.broken.empty()) {
      RunUntil(world_.clock.elapsed() + seconds{15}, true);
    }
    if (agent_->queued() > 0) {
      world_.Break("I4: " + std::to_string(agent_->queued()) + " records do not drain");
    }
  }
  agent_->Finish();
  agent_.reset();
  // What was sealed at this very end may wait for the next start, the readings since among it.
  const Disk::Content& left = disk_.seen();
  const auto rows = [&](uplink::Lane lane) -> const Disk::Content::Rows& {
    return left.rows.at(static_cast<std::size_t>(lane));
  };
  if (!rows(uplink::Lane::kAlert).empty() || !IsRestOfEnd(rows(uplink::Lane::kStatus)) ||
      rows(uplink::Lane::kTelemetry).size() > 1) {
    world_.Break("I6: rows are left on disk");
  }
  if (left.totals != left.Count()) world_.Break("I2: the books on disk are not what lies there");
}

void Life::Sense() {
  const Scenario& scenario = world_.scenario;
  const Duration pause =
      world_.chance.Between(scenario.sensor_every / 4, scenario.sensor_every * 2);
  sensor_at_ = world_.faults ? world_.clock.elapsed() + pause : Duration::max();
  const std::uint64_t readings = 1 + world_.chance.Below(scenario.burst);
  for (std::uint64_t n = 0; n < readings; ++n) {
    ++measured_;
    const UtcTime now = world_.clock.Now() - Duration{world_.chance.Below(100'000)};
    if (world_.chance.Happens(0.3)) {
      const double celsius = world_.chance.Happens(scenario.hot) ? 115 : 90;
      agent_->Measure("engine_coolant_celsius", celsius, now);
    } else {
      agent_->Measure("number_" + std::to_string(measured_ % 7), static_cast<double>(measured_),
                      now);
    }
  }
  pipeline_at_ = std::min(pipeline_at_,
                          world_.clock.elapsed() + world_.chance.Between(Duration{1}, kScheduling));
}

void Life::ChangeWeather() {
  using enum World::DiskState;
  weather_at_ = Later(world_.scenario.weather_every);
  world_.disk = world_.Strikes(world_.scenario.disk_fails)
                    ? world_.chance.OneOf({kFlaky, kFull, kReadOnly})
                    : kSound;
  world_.link_up = !world_.Strikes(world_.scenario.link_fails);
  world_.trace.Say("weather: disk {}, link {}", static_cast<int>(world_.disk),
                   world_.link_up ? "up" : "down");
  if (agent_ && world_.Strikes(world_.scenario.publisher_dies)) agent_->publisher().Fail();
}

void Life::StepWallClock() {
  clock_step_at_ = Later(world_.scenario.clock_step_every);
  const Duration step =
      world_.chance.OneOf<Duration>({years{10}, -years{10}, hours{1}, -hours{1}, seconds{-5}});
  world_.trace.Say("the wall clock steps by {}", ToSeconds(step));
  if (agent_) agent_->StepClock(step);
}

void Life::Freeze() {
  freeze_at_ = Later(world_.scenario.freeze_every);
  const Duration frozen = world_.chance.Between(milliseconds{100}, seconds{120});
  world_.clock.AdvanceTo(world_.clock.elapsed() + frozen);
  world_.NoteTrouble("frozen until now");
}

void Life::Decay() {
  decay_at_ = Later(world_.scenario.damage_every);
  const std::uint64_t kind = world_.chance.Below(5);
  if (kind == 4) {
    const std::string key = world_.chance.OneOf({uplink::kGapsKey, uplink::kEpochKey});
    world_.trace.Say("the row of {} in meta decays", key);
    disk_.DestroyMeta(key);
    return;
  }
  disk_.Decay([&](Disk::Content& content) {
    Disk::Content::Rows& rows =
        content.rows.at(static_cast<std::size_t>(world_.chance.Below(content.rows.size())));
    if (rows.empty()) return;
    const auto row =
        std::next(rows.begin(), static_cast<std::ptrdiff_t>(world_.chance.Below(rows.size())));
    Disk::Row damaged = *row->second;
    world_.trace.Say("row {} decays, kind {}", row->first, kind);
    damaged.intact = false;
    if (kind == 0) {
      if (const auto gap = GapIn(damaged.batch)) disk_.destroyed_gaps.push_back(*gap);
      damaged.batch.body.at(0) ^= 1;
      row->second = std::make_shared<const Disk::Row>(std::move(damaged));
      return;
    }
    disk_.Destroy(damaged.batch);
    if (kind == 1) {
      damaged.batch.count ^= 5U;
      row->second = std::make_shared<const Disk::Row>(std::move(damaged));
    } else {
      content.Erase(row->first);
    }
  });
  if (kind != 3) return;
  disk_.corrupt = true;
  disk_.books_dead = world_.scenario.meta_dies;
}

}  // namespace fleet_edge::simulation
