#include "tests/simulation/scenario.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/time.h"
#include "tests/simulation/chance.h"
#include "uplink/batcher.h"

namespace fleet_edge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void ChooseConfiguration(Chance& chance, Scenario& scenario) {
  scenario.limits.durable_within =
      chance.OneOf<Duration>({milliseconds{500}, seconds{1}, seconds{2}, seconds{2}, seconds{10}});
  // As the configuration asks for: memory below the quota, a batch at most a sixteenth of it.
  scenario.limits.quota = chance.OneOf({KiB(48), KiB(96), KiB(256), MiB(1), MiB(64)});
  scenario.limits.memory = chance.OneOf({KiB(32), KiB(64), KiB(256), MiB(4)});
  if (scenario.limits.memory >= scenario.limits.quota) scenario.limits.memory = KiB(32);
  scenario.handover = chance.OneOf({KiB(8), KiB(32), MiB(4)});
  scenario.readings_queue = chance.OneOf<std::size_t>({50, 1'000});
  scenario.options.send_every =
      chance.OneOf<Duration>({Duration{0}, milliseconds{200}, seconds{1}, seconds{10}});
  scenario.options.backlog_rate = chance.OneOf({Bytes{0}, Bytes{0}, KiB(4), KiB(32)});
  scenario.options.live_share = chance.OneOf({0.0, 0.0, 0.2, 0.5, 0.9});
  scenario.batch.max_age = scenario.limits.durable_within / (2 + chance.Below(8));
  scenario.batch.max_bytes = KiB(1);
  scenario.batch.encoding =
      chance.Happens(0.3) ? uplink::Batcher::Encoding::kPlain : uplink::Batcher::Encoding::kDelta;
}

void ChooseDisk(Chance& chance, Scenario& scenario) {
  if (chance.Happens(0.5)) scenario.disk_fails = chance.Share();
  if (chance.Happens(0.5)) scenario.call_fails = chance.Share();
  if (chance.Happens(0.3)) scenario.hangs = 0.1 * chance.Share();
  scenario.longest_hang = chance.OneOf<Duration>({milliseconds{50}, seconds{3}, seconds{120}});
  scenario.page_waste = chance.OneOf({0.0, 0.05, 0.3});
  if (chance.Happens(0.3)) scenario.damage_every = chance.Between(seconds{2}, seconds{60});
  scenario.meta_dies = chance.Happens(0.3);
}

void ChooseHub(Chance& chance, Scenario& scenario) {
  if (chance.Happens(0.8)) scenario.link_fails = chance.Share();
  if (chance.Happens(0.5)) scenario.ack_lost = 0.2 * chance.Share();
  if (chance.Happens(0.3)) scenario.refuses = 0.2 * chance.Share();
  if (chance.Happens(0.3)) scenario.poison = 0.1 * chance.Share();
  if (chance.Happens(0.3)) scenario.publisher_dies = chance.Share();
  scenario.publisher_room = chance.OneOf<std::size_t>({1, 5, 50, 2'000});
  scenario.latency = chance.Between(milliseconds{2}, seconds{4});
  scenario.link_rate = chance.OneOf({KiB(8), KiB(64), MiB(4)});
}

void ChoosePower(Chance& chance, Scenario& scenario) {
  if (chance.Happens(0.4)) scenario.dies_in_call = 0.03 * chance.Share();
  if (chance.Happens(0.5)) scenario.dies_every = chance.Between(seconds{3}, seconds{60});
  scenario.kill = chance.OneOf({0.0, 0.5, 1.0});
  if (chance.Happens(0.3)) scenario.restart_every = chance.Between(seconds{5}, seconds{60});
  if (chance.Happens(0.1)) scenario.freeze_every = chance.Between(seconds{5}, seconds{60});
  if (chance.Happens(0.4)) scenario.clock_step_every = chance.Between(seconds{1}, seconds{60});
  scenario.weather_every = chance.Between(seconds{1}, seconds{40});
}

}  // namespace

Scenario Choose(Chance& chance) {
  Scenario scenario;
  scenario.length = chance.Between(seconds{15}, seconds{120});
  ChooseConfiguration(chance, scenario);
  scenario.sensor_every = chance.Between(milliseconds{100}, seconds{2});
  scenario.burst = chance.OneOf<std::uint64_t>({1, 3, 10, 60});
  scenario.hot = chance.OneOf({0.0, 0.02, 0.3});
  ChooseDisk(chance, scenario);
  ChooseHub(chance, scenario);
  ChoosePower(chance, scenario);
  return scenario;
}

}  // namespace fleet_edge::simulation
