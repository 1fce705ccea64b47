#include "agent/status/view_json.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "core/bytes.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::seconds;

AgentView MakeView() {
  AgentView view{.vehicle = "tanker-17",
                 .version = "1.2.3",
                 .now = UtcTime{seconds{1'700'000'000}},
                 .boot = BootTime{seconds{100}},
                 .started = UtcTime{seconds{1'699'999'940}},
                 .quota = MiB(1)};
  view.drivers = {{.name = "probes", .kind = "mqtt", .readings = 12, .silent_for = seconds{3}},
                  {.name = "can0", .kind = "can"}};
  view.uplink.publisher.link = uplink::PublisherStatus::Link::kUp;
  view.uplink.publisher.since = view.boot - seconds{5};
  uplink::Ledger ledger;
  ledger.Accept(10);
  ledger.Drop(uplink::Lane::kTelemetry, "quota", 3);
  ledger.Acknowledge(4);
  view.uplink.ledger = ledger.snapshot();
  view.counters = {{"fleet_edge_readings_total", {{"quality", "good"}}, 12}};
  return view;
}

void CheckHas(const std::string& text, const std::string& part) {
  CAPTURE(text);
  CAPTURE(part);
  CHECK(text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("ViewJson: it has the vehicle, the books, the outbox, the hub and all counters") {
  const std::string text = ViewJson(MakeView()).Text();
  for (const char* const part :
       {R"({"time":"2023-11-14T22:13:20Z","vehicle":"tanker-17","version":"1.2.3",)"
        R"("started":"2023-11-14T22:12:20Z")",
        R"("accepted":10,"recovered":0,"acknowledged":4,"queued":3,"dropped":3)",
        R"("dropped_by":{"telemetry.quota":3})", R"("link":"up","for_seconds":5)",
        R"("quota_bytes":1048576)",
        R"("counters":{"fleet_edge_readings_total{quality=\"good\"}":12})"}) {
    CheckHas(text, part);
  }
}

TEST_CASE("ViewJson: a driver that was never heard has no silence to tell") {
  const std::string text = ViewJson(MakeView()).Text();
  CheckHas(text, R"({"name":"probes","kind":"mqtt","readings":12,"rejected":0,"failures":0,)"
                 R"("silent_seconds":3,"missing":""})");
  CheckHas(text, R"("kind":"can","readings":0,"rejected":0,"failures":0,"silent_seconds":null)");
}

TEST_CASE("ViewJson: health is ok without problems, else as bad as the worst") {
  AgentView view = MakeView();
  CheckHas(ViewJson(view).Text(), R"("health":{"status":"ok","problems":[]})");
  view.health = {{.id = "driver_silent",
                  .severity = Severity::kWarning,
                  .subject = "can0",
                  .since = UtcTime{seconds{1'700'000'000}},
                  .what = "nothing",
                  .mend = "look"}};
  CheckHas(ViewJson(view).Text(),
           R"("health":{"status":"warning","problems":[{"id":"driver_silent",)"
           R"("severity":"warning","subject":"can0","since":"2023-11-14T22:13:20Z",)"
           R"("what":"nothing","mend":"look"}]})");
}

TEST_CASE("ViewJson: alerts that are active and past") {
  AgentView view = MakeView();
  rules::AlertEvent event;
  event.alert = "Hot";
  event.state = rules::AlertState::kFiring;
  event.labels = {{"zone", "1"}};
  view.board.active = {event};
  CheckHas(ViewJson(view).Text(), R"("alerts":{"active":[{"alert":"Hot","state":"firing",)");
  CheckHas(ViewJson(view).Text(), R"("labels":{"zone":"1"})");
}

TEST_CASE("SeriesJson: a value with its unit, its quality and who measured it") {
  SeriesRegistry registry;
  Board::Shown shown;
  shown.series = registry.Find("engine_coolant_celsius", {{"zone", "2"}});
  shown.time = UtcTime{seconds{1'700'000'000}};
  shown.value = 90.5;
  shown.quality = Quality::kStale;
  shown.driver = 1;
  CHECK(SeriesJson(shown, MakeView()).Text() ==
        R"({"signal":"engine_coolant_celsius","labels":{"zone":"2"},"value":90.5,"unit":"°C",)"
        R"("time":"2023-11-14T22:13:20Z","quality":"stale","driver":"probes"})");
}

}  // namespace fleet_edge::agent
