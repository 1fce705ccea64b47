#include "drivers/obd/obd_plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/time.h"
#include "drivers/obd/obd_pid.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// An adapter that takes `each` for a request: how often each item has its turn within `whole`, and
/// the longest wait of each.
struct Drive {
  Drive(ObdPlan& plan, Duration each, Duration whole, std::size_t at_once = 1) {
    std::map<std::size_t, BootTime> last;
    for (BootTime now{}; now < BootTime{whole};) {
      const auto items = plan.Due(now, at_once);
      if (items.empty()) now = plan.next();
      if (!items.empty()) now += each;
      for (const std::size_t item : items) {
        plan.Done(item, now);
        ++turns[item];
        longest[item] = std::max(longest[item], now - last[item]);
        last[item] = now;
      }
    }
  }
  std::map<std::size_t, int> turns;
  std::map<std::size_t, Duration> longest;
};

}  // namespace

TEST_CASE("ObdPlan: with time enough each item has its turn at its rate, without drift") {
  ObdPlan plan;
  plan.Add(seconds{1}, BootTime{});
  plan.Add(seconds{2}, BootTime{});
  plan.Add(seconds{30}, BootTime{});
  const Drive drive(plan, milliseconds{50}, minutes{10});
  CHECK(drive.turns == std::map<std::size_t, int>{{0, 600}, {1, 300}, {2, 20}});
}

// A real logger took 5.6 s for 27 parameters, all in turn.
TEST_CASE("ObdPlan: a slow adapter, 27 parameters: what is asked for often still comes often") {
  ObdPlan plan;
  std::vector<std::uint8_t> pids;
  for (const ObdPid& pid : ObdPids()) {
    if (pids.size() == 27) break;
    plan.Add(pid.every, BootTime{});
    pids.push_back(pid.pid);
  }
  const Drive drive(plan, milliseconds{5600 / 27}, minutes{10});
  for (std::size_t i = 0; i < pids.size(); ++i) {
    CAPTURE(ObdPidName(pids[i]));
    const Duration every = FindObdPid(pids[i])->every;
    // There are 2.4 times as many turns as there is time for: all come late by that share.
    CHECK(drive.longest.at(i) < every * 3);
    CHECK(drive.turns.at(i) * every * 2.6 > minutes{10});
    CHECK(drive.turns.at(i) * every * 1.9 < minutes{10});
  }
}

TEST_CASE("ObdPlan: six in a request: the same adapter has time for all") {
  ObdPlan plan;
  std::vector<Duration> every;
  for (const ObdPid& pid : ObdPids()) {
    if (every.size() == 27) break;
    plan.Add(pid.every, BootTime{});
    every.push_back(pid.every);
  }
  const Drive drive(plan, milliseconds{5600 / 27}, minutes{10}, 6);
  for (std::size_t i = 0; i < every.size(); ++i) CHECK(drive.turns.at(i) >= minutes{10} / every[i]);
}

TEST_CASE("ObdPlan: what is much too much is shared, and nobody is left out") {
  ObdPlan plan;
  for (int i = 0; i < 20; ++i) plan.Add(milliseconds{100}, BootTime{});
  plan.Add(seconds{1}, BootTime{});
  const Drive drive(plan, milliseconds{500}, minutes{10});
  CHECK(drive.turns.at(20) >= 5);
  for (std::size_t i = 0; i < 20; ++i) CHECK(drive.turns.at(i) >= 55);
}

TEST_CASE("ObdPlan: what was missed is not made up for") {
  ObdPlan plan;
  plan.Add(seconds{1}, BootTime{});
  CHECK(plan.Due(BootTime{}, 1) == std::vector<std::size_t>{0});
  plan.Done(0, BootTime{seconds{60}});
  CHECK(plan.Due(BootTime{seconds{60}}, 1).empty());
  CHECK(plan.next() == BootTime{milliseconds{60'750}});
  plan.Clear();
  CHECK(plan.empty());
  CHECK(plan.Due(BootTime{}, 1).empty());
}

}  // namespace fleet_edge::drivers
