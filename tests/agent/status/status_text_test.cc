#include "agent/status/status_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/text/wording.h"
#include "core/bytes.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

AgentView MakeView() {
  const UtcTime now{seconds{1'700'000'000}};
  AgentView view{.vehicle = "tanker-17",
                 .version = "1.2.3",
                 .now = now,
                 .boot = BootTime{hours{100}},
                 .started = now - hours{76},
                 .clock_synced = true,
                 .quota = MiB(512)};
  view.drivers = {
      {.name = "probes", .kind = "mqtt", .readings = 1'234'567, .silent_for = milliseconds{300}},
      {.name = "j1939", .kind = "can"}};
  view.board.rules = 12;
  view.uplink.publisher.link = uplink::PublisherStatus::Link::kUp;
  view.uplink.publisher.since = view.boot - hours{3};
  view.uplink.publisher.round_trip = milliseconds{240};
  view.uplink.outbox.disk = Bytes{KiB(24)};
  return view;
}

AgentView MakeTrouble() {
  AgentView view = MakeView();
  view.health = {{.id = "driver_silent",
                  .severity = Severity::kCritical,
                  .subject = "j1939",
                  .since = view.now - minutes{12},
                  .what = "nothing was heard since the agent's start, though the vehicle moves",
                  .mend = "look at the cable and its plug; `candump can0` shows whether the bus "
                          "speaks at all"},
                 {.id = "hub_unreachable",
                  .severity = Severity::kWarning,
                  .subject = "hub.example:9093",
                  .since = view.now - hours{3},
                  .what = "no connection to the hub: Connection refused",
                  .mend = "readings wait in the outbox"}};
  rules::AlertEvent alert;
  alert.alert = "CargoOverheat";
  alert.state = rules::AlertState::kFiring;
  alert.labels = {{"zone", "2"}};
  alert.annotations = {{"summary", "Cargo zone 2 at 49 °C. Close the hatch"}};
  alert.active_since = view.now - minutes{3};
  view.board.active = {alert};
  view.uplink.publisher.link = uplink::PublisherStatus::Link::kDown;
  view.uplink.publisher.error = "Connection refused";
  view.uplink.outbox.records = 45'678;
  view.uplink.outbox.oldest = hours{3};
  view.uplink.outbox.disk = MiB(36);
  view.uplink.outbox.quota_share = 0.0703;
  return view;
}

}  // namespace

TEST_CASE("StatusText: a healthy vehicle is one screen that says so") {
  CHECK(StatusText(MakeView(), {}) ==
        R"(tanker-17                                             fleet-edge 1.2.3, up 3d 4h

ALL IS WELL

driver                      kind       readings  last heard    state
  probes                    mqtt      1,234,567  0.3s ago      ok
  j1939                     can               0  never         not heard yet

alerts      none fires
rules       12 in force
outbox      nothing waits; disk 24 KiB of 512 MiB (0.0%)
hub         up for 3h, round trip 240 ms
clock       2023-11-14T22:13:20Z, kept by NTP or GNSS
)");
}

TEST_CASE("StatusText: what is wrong comes first, each with its mend") {
  CHECK(StatusText(MakeTrouble(), {}) ==
        R"(tanker-17                                             fleet-edge 1.2.3, up 3d 4h

CRITICAL  driver_silent  j1939                                           for 12m
    nothing was heard since the agent's start, though the vehicle moves
    mend: look at the cable and its plug; `candump can0` shows whether the bus
          speaks at all
WARNING   hub_unreachable  hub.example:9093                               for 3h
    no connection to the hub: Connection refused
    mend: readings wait in the outbox

driver                      kind       readings  last heard    state
  probes                    mqtt      1,234,567  0.3s ago      ok
  j1939                     can               0  never         silent

alerts      1 firing
  CargoOverheat{zone="2"}                                                 for 3m
    Cargo zone 2 at 49 °C. Close the hatch
rules       12 in force
outbox      45,678 records wait, the oldest 3h; disk 36 MiB of 512 MiB (7.0%)
hub         down for 3h, round trip 240 ms; Connection refused
clock       2023-11-14T22:13:20Z, kept by NTP or GNSS
)");
}

TEST_CASE("StatusText: no line is longer than the terminal is wide, whatever the names") {
  AgentView view = MakeTrouble();
  view.vehicle = std::string(200, 'v');
  view.drivers[0].name = std::string(100, 'd');
  view.health[0].subject = std::string(300, 's');
  view.health[0].what = std::string(500, 'w');
  view.board.active[0].alert = std::string(200, 'a');
  view.board.active[0].annotations = {{"summary", std::string(400, 's')}};
  for (const std::size_t columns : {60, 80, 120}) {
    std::istringstream lines(StatusText(view, {.columns = columns}));
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(Columns(line) <= columns);
    }
  }
}

TEST_CASE("StatusText: colours are for terminals that want them") {
  CHECK(StatusText(MakeTrouble(), {}).find('\x1b') == std::string::npos);
  CHECK(StatusText(MakeTrouble(), {.color = true}).find("\x1b[97;41mCRITICAL") !=
        std::string::npos);
}

TEST_CASE("StatusText: of many alerts the first ten are shown, the others counted") {
  AgentView view = MakeTrouble();
  view.board.active.resize(25, view.board.active[0]);
  const std::string text = StatusText(view, {});
  CHECK(text.find("25 firing") != std::string::npos);
  CHECK(text.find("… and 15 more") != std::string::npos);
}

TEST_CASE("StatusText: what comes from outside does not steer the terminal") {
  const std::string evil = "\x1b]0;x\x07\xc2\x9b\r\n";
  AgentView view = MakeTrouble();
  view.vehicle = evil;
  view.drivers[0].name = evil;
  view.health[0].subject = evil;
  view.health[0].what = evil;
  view.health[1].mend = evil;
  view.board.active[0].alert = evil;
  view.board.active[0].labels = {{"zone", evil}};
  view.uplink.publisher.error = evil;
  const std::string text = StatusText(view, {});
  CHECK(std::ranges::none_of(text, [](char c) {
    return c != '\n' && (static_cast<unsigned char>(c) < ' ' || c == '\x7f');
  }));
  CHECK(text.find("\xc2\x9b") == std::string::npos);
  CHECK(std::ranges::count(text, '\n') == std::ranges::count(StatusText(MakeTrouble(), {}), '\n'));
}

}  // namespace fleet_edge::agent
