// Each kind of problem that isn't a driver's is found in a view that has it, and in no other.
#include "agent/health/diagnosis.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/health/hub_error.h"
#include "core/counters.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Link = uplink::PublisherStatus::Link;

/// A vehicle that has nothing wrong with it.
AgentView MakeView() {
  AgentView view;
  view.now = UtcTime{hours{400'000}};
  view.boot = BootTime{hours{100}};
  view.started = view.now - hours{5};
  view.clock_synced = true;
  view.uplink.publisher.link = Link::kUp;
  view.uplink.publisher.since = view.boot - hours{3};
  return view;
}

struct World {
  AgentView view = MakeView();
  Diagnosis diagnosis{{.hub = "hub.example:9093"}};
  uplink::Ledger ledger;

  std::vector<Problem> Find() {
    view.uplink.ledger = ledger.snapshot();
    return diagnosis.Find(view);
  }

  /// The only problem there is.
  Problem FindOne() {
    const auto found = Find();
    REQUIRE(found.size() == 1);
    const bool known = std::ranges::any_of(
        kProblemKinds, [&](const ProblemKind& kind) { return kind.id == found[0].id; });
    CHECK(known);
    CHECK_FALSE(found[0].what.empty());
    CHECK_FALSE(found[0].mend.empty());
    return found[0];
  }
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Diagnosis: a healthy vehicle has no problem") { CHECK(World().Find().empty()); }

TEST_CASE("Diagnosis: clock_not_set while nothing keeps the clock") {
  World world;
  world.view.clock_synced = false;
  CHECK(world.FindOne().id == "clock_not_set");
}

TEST_CASE("Diagnosis: hub_unreachable while there is no connection, critical after a day") {
  World world;
  world.view.uplink.publisher.link = Link::kDown;
  world.view.uplink.publisher.error = "Connection refused";
  Problem problem = world.FindOne();
  CHECK(problem.id == "hub_unreachable");
  CHECK(problem.severity == Severity::kWarning);
  CHECK(problem.subject == "hub.example:9093");
  CHECK(problem.what == "no connection to the hub: Connection refused");
  world.ledger.Accept(1200);
  CHECK(world.FindOne().what ==
        "no connection to the hub, 1,200 records wait for it: Connection refused");
  world.view.uplink.publisher.since = world.view.boot - hours{24};
  CHECK(world.FindOne().severity == Severity::kCritical);
}

TEST_CASE("Diagnosis: a hub that is connected and answers nothing is not reached either") {
  World world;
  world.ledger.Accept(242);
  world.view.uplink.publisher.unanswered = std::chrono::seconds{14};
  CHECK(world.Find().empty());
  world.view.uplink.publisher.unanswered = std::chrono::seconds{15};
  const Problem problem = world.FindOne();
  CHECK(problem.id == "hub_unreachable");
  CHECK(problem.severity == Severity::kWarning);
  CHECK(problem.what == "the hub answers nothing, 242 records wait for it");
  CHECK(Has(problem.mend, "reception"));
}

TEST_CASE("Diagnosis: a hub that refuses what waits is critical; an old error is none") {
  World world;
  world.view.uplink.publisher.error = "Broker: Topic authorization failed";
  CHECK(world.Find().empty());
  world.ledger.Accept(10);
  const Problem problem = world.FindOne();
  CHECK(problem.severity == Severity::kCritical);
  CHECK(problem.what == "the hub refuses what is sent: Broker: Topic authorization failed");
  CHECK(Has(problem.mend, "topics"));
}

TEST_CASE("HubError: the client's own talk is left out, and the mend fits the cause") {
  const HubError refused = ExplainHubError(
      "Local: Broker transport failure: hub:9092/bootstrap: Connect to ipv4#1.2.3.4:9092 failed: "
      "Connection refused (after 0ms in state CONNECT, 60 identical error(s) suppressed)");
  CHECK(refused.words ==
        "hub:9092/bootstrap: Connect to ipv4#1.2.3.4:9092 failed: Connection refused");
  CHECK(Has(refused.mend, "nothing listens"));
  const HubError hung = ExplainHubError(
      "hub:9092/1: ApiVersionRequest failed: Local: Timed out: probably due to broker version < "
      "0.10 "
      "(see api.version.request configuration) (after 10001ms in state APIVERSION_QUERY)");
  CHECK(hung.words == "hub:9092/1: ApiVersionRequest failed: Local: Timed out");
  CHECK(Has(hung.mend, "hung"));
  CHECK(Has(ExplainHubError("Failed to resolve 'hub:9092'").mend, "name"));
  CHECK(Has(ExplainHubError("SASL authentication error").mend, "password"));
  CHECK(Has(ExplainHubError("SSL handshake failed: certificate verify failed").mend, "authority"));
  CHECK(Has(ExplainHubError("").mend, "doctor"));
  CHECK(ExplainHubError("").words.empty());
}

TEST_CASE(
    "Diagnosis: outbox_filling when it will be full within a night, critical within an hour") {
  World world;
  world.view.to_full = hours{13};
  CHECK(world.Find().empty());
  world.view.to_full = hours{3};
  world.view.uplink.outbox.quota_share = 0.62;
  const Problem problem = world.FindOne();
  CHECK(problem.id == "outbox_filling");
  CHECK(problem.severity == Severity::kWarning);
  CHECK(Has(problem.what, "62% full and will be full in 3h, about 2015-08-19T19:00:00Z"));
  world.view.to_full = minutes{30};
  CHECK(world.FindOne().severity == Severity::kCritical);
}

TEST_CASE("Diagnosis: outbox_full, batch_refused and outbox_damaged while records are dropped") {
  for (const auto& [reason, id] :
       {std::pair{"quota", "outbox_full"}, std::pair{"memory_full", "outbox_full"},
        std::pair{"handover_full", "outbox_full"}, std::pair{"quarantined", "batch_refused"},
        std::pair{"corrupt", "outbox_damaged"}}) {
    World world;
    world.ledger.Accept(10);
    world.ledger.Drop(uplink::Lane::kTelemetry, reason, 3);
    CHECK(world.FindOne().id == id);
    CHECK(world.Find().empty());
    world.ledger.Drop(uplink::Lane::kTelemetry, reason, 1);
    CHECK(world.FindOne().severity == Severity::kCritical);
  }
}

TEST_CASE("Diagnosis: disk_failing with the reason of the commit") {
  World world;
  world.view.uplink.outbox.error = "Read-only file system";
  const Problem problem = world.FindOne();
  CHECK(problem.id == "disk_failing");
  CHECK(Has(problem.what, "Read-only file system"));
}

TEST_CASE("Diagnosis: config_changed is a note, and a warning when the next start would fail") {
  World world;
  world.view.config.differs = true;
  CHECK(world.FindOne().id == "config_changed");
  CHECK(world.FindOne().severity == Severity::kInfo);
  world.view.config.mistake = "fleet-edge.yaml:3:5: error: unknown key";
  CHECK(world.FindOne().severity == Severity::kWarning);
  CHECK(Has(world.FindOne().what, "fleet-edge.yaml:3:5"));
}

TEST_CASE("Diagnosis: rules_refused with the first finding") {
  World world;
  world.view.rules.refused = "rules.yaml:3:5: error: no such function";
  CHECK(world.FindOne().id == "rules_refused");
  CHECK(Has(world.FindOne().what, "rules.yaml:3:5"));
}

TEST_CASE("Diagnosis: a refused bundle is a problem of its own, with a mend of its own") {
  World world;
  world.view.rules.refused_bundle = "bundle:2:1: error: no such function";
  world.view.rules.bundle = "north-4";
  const Problem problem = world.FindOne();
  CHECK(problem.id == "rules_refused");
  CHECK(problem.subject == "bundle north-4");
  CHECK(Has(problem.what, "bundle:2:1"));
  CHECK_FALSE(Has(problem.mend, "file"));
  world.view.rules.refused = "rules.yaml:3:5: error: no such function";
  CHECK(world.Find().size() == 2);
}

TEST_CASE("Diagnosis: rule_failing while evaluations fail, with the rule") {
  World world;
  world.view.board.rule_failure = "a.yaml: rule Hot: many-to-many";
  CHECK(world.Find().empty());
  world.view.counters = {{"fleet_edge_rules_evaluations_failed_total", {}, 2}};
  const Problem problem = world.FindOne();
  CHECK(problem.id == "rule_failing");
  CHECK(problem.what == "a.yaml: rule Hot: many-to-many");
  CHECK(world.Find().empty());
}

TEST_CASE("Diagnosis: display_unreachable is critical when an alert fires that the driver misses") {
  World world;
  world.view.display = DisplayView{.broker = "mqtt://b", .connected = true};
  CHECK(world.Find().empty());
  world.view.display->connected = false;
  CHECK(world.FindOne().id == "display_unreachable");
  CHECK(world.FindOne().severity == Severity::kWarning);
  rules::AlertEvent alert;
  alert.state = rules::AlertState::kFiring;
  alert.notify = {"fleet"};
  world.view.board.active = {alert};
  CHECK(world.FindOne().severity == Severity::kWarning);
  world.view.board.active[0].notify = {"fleet", "driver"};
  CHECK(world.FindOne().severity == Severity::kCritical);
}

TEST_CASE("Diagnosis: certificate_expires thirty days before, critical once it has") {
  World world;
  const auto with = [&](std::optional<UtcTime> expires, const std::string& error = "") {
    world.view.certificates = {
        {.path = "/own.pem", .use = "this vehicle", .expires = expires, .error = error}};
  };
  with(world.view.now + days{31});
  CHECK(world.Find().empty());
  with(world.view.now + days{30});
  CHECK(world.FindOne().id == "certificate_expires");
  CHECK(world.FindOne().severity == Severity::kWarning);
  CHECK(Has(world.FindOne().what, "in 30d"));
  with(world.view.now);
  CHECK(world.FindOne().severity == Severity::kCritical);
  with({}, "Permission denied");
  CHECK(Has(world.FindOne().what, "Permission denied"));
}

TEST_CASE("Diagnosis: readings_dropped and series_limit while readings do not get in") {
  World world;
  world.view.counters = {{std::string(kInputRejectedTotal), {{"reason", "queue_full"}}, 1500}};
  CHECK(world.FindOne().id == "readings_dropped");
  CHECK(world.Find().empty());
  World other;
  other.view.counters = {{std::string(kInputRejectedTotal),
                          {{"driver", "probes"}, {"reason", "series_limit"}, {"signal", "speed"}},
                          1}};
  const Problem problem = other.FindOne();
  CHECK(problem.id == "series_limit");
  CHECK(problem.subject == "probes");
}

}  // namespace fleet_edge::agent
