#include "rules/alert.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "rules/alert_event.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

using std::chrono::seconds;

/// Steps an alert through sights, one a second from second 0: `#` present, `.` not, `c` cleared and
/// not present, `!` both. Returns the changes as `second state`.
Texts Live(const AlertTiming& timing, const std::string& sights, Alert alert = {}, int from = 0) {
  Texts changes;
  for (std::size_t i = 0; i < sights.size(); ++i) {
    const char c = sights[i];
    const int second = from + static_cast<int>(i);
    const Alert::Sight sight{.present = c == '#' || c == '!', .cleared = c == 'c' || c == '!'};
    if (const auto change = alert.Step(At(second), sight, timing)) {
      changes.push_back(std::to_string(second) + " " + std::string(ToString(change->state)) +
                        (change->cooled_down ? "" : " held back"));
    }
  }
  return changes;
}

}  // namespace

TEST_CASE("Alert: without `for` it fires at once and resolves when its condition ends") {
  CHECK(Live({}, "..##.#.") == Texts{"2 firing", "4 resolved", "5 firing", "6 resolved"});
}

TEST_CASE(
    "Alert: with `for` it is pending first, and inactive again when the condition ends before") {
  const AlertTiming timing{.hold = seconds{3}};
  CHECK(Live(timing, "####.") == Texts{"0 pending", "3 firing", "4 resolved"});
  CHECK(Live(timing, "###.####") == Texts{"0 pending", "3 inactive", "4 pending", "7 firing"});
}

TEST_CASE("Alert: keep_firing_for rides over gaps shorter than it") {
  const AlertTiming timing{.keep_firing = seconds{2}};
  CHECK(Live(timing, "#.#..#...") == Texts{"0 firing", "8 resolved"});
}

TEST_CASE("Alert: with `clear` it fires on until that holds, missing data included") {
  const AlertTiming timing{.clears = true};
  CHECK(Live(timing, "#....c") == Texts{"0 firing", "5 resolved"});
  CHECK(Live(timing, "#!!!") == Texts{"0 firing"});
  CHECK(Live(timing, "c.c#c") == Texts{"3 firing", "4 resolved"});
}

TEST_CASE("Alert: when the clock was set back its timers begin anew instead of waiting for it") {
  const AlertTiming timing{.hold = seconds{3}, .keep_firing = seconds{2}, .cooldown = seconds{4}};
  const Alert pending({.state = AlertState::kPending, .active_since = At(1000)});
  CHECK(Live(timing, "####", pending) == Texts{"3 firing"});
  const Alert ending({.state = AlertState::kFiring,
                      .active_since = At(900),
                      .ending_since = At(1000),
                      .last_notified = At(900)});
  CHECK(Live(timing, "...", ending) == Texts{"2 resolved"});
  const Alert cooling({.last_notified = At(1000)});
  CHECK(Live({.cooldown = seconds{4}}, ".....#", cooling) == Texts{"5 firing"});
}

TEST_CASE("Alert: `clear` must hold through keep_firing_for") {
  const AlertTiming timing{.keep_firing = seconds{2}, .clears = true};
  CHECK(Live(timing, "#.c.ccc") == Texts{"0 firing", "6 resolved"});
}

TEST_CASE("Alert: the cooldown holds notifications back, and never a state") {
  const AlertTiming timing{.cooldown = seconds{4}};
  CHECK(Live(timing, "#.#.....#.") == Texts{"0 firing", "1 resolved", "2 firing held back",
                                            "3 resolved held back", "8 firing", "9 resolved"});
}

TEST_CASE("Alert: a firing that was held back is told when the cooldown ends and it still fires") {
  const AlertTiming timing{.cooldown = seconds{4}};
  CHECK(Live(timing, "#.#####.") ==
        Texts{"0 firing", "1 resolved", "2 firing held back", "4 firing", "7 resolved"});
}

TEST_CASE("Alert: restored firing it tells nothing anew") {
  const Alert alert({.state = AlertState::kFiring, .active_since = At(0), .last_notified = At(0)});
  CHECK(Live({}, "###.", alert, 100) == Texts{"103 resolved"});
}

TEST_CASE("Alert: restored pending it goes on where it stood, unless too long was unseen") {
  const AlertTiming timing{.hold = seconds{10}};
  const Alert alert({.state = AlertState::kPending, .active_since = At(0)});
  CHECK(Live(timing, "######", alert, 6) == Texts{"10 firing"});
  CHECK(Live(timing, "##", alert, 30) == Texts{"30 firing"});
  CHECK(Live(timing, "###########", alert, 100) == Texts{"100 pending", "110 firing"});
  CHECK(Live(timing, ".", alert, 6) == Texts{"6 inactive"});
}

TEST_CASE("Alert: it is forgotten when it is inactive and has cooled down") {
  const AlertTiming timing{.cooldown = seconds{10}};
  Alert alert;
  CHECK(alert.Forgettable(At(0), timing));
  alert.Step(At(0), {.present = true}, timing);
  CHECK_FALSE(alert.Forgettable(At(0), timing));
  alert.Step(At(1), {}, timing);
  CHECK_FALSE(alert.Forgettable(At(9), timing));
  CHECK(alert.Forgettable(At(10), timing));
}

}  // namespace fleet_edge::rules
