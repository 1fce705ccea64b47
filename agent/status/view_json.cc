#include "agent/status/view_json.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/pipeline/board.h"
#include "agent/text/json.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

// JSON has no word for what isn't known but null; JsonObject writes NaN so.
double SecondsOrNan(const std::optional<Duration>& duration) {
  return duration ? ToSeconds(*duration) : std::nan("");
}

JsonObject HealthJson(const Health& health) {
  JsonObject json;
  json.Add("status", StatusName(health)).Add("problems", Each(health, ProblemJson));
  return json;
}

JsonObject ClockJson(const AgentView& view) {
  JsonObject json;
  json.Add("synced", view.clock_synced);
  return json;
}

JsonObject DriverJson(const DriverView& driver) {
  JsonObject json;
  json.Add("name", driver.name)
      .Add("kind", driver.kind)
      .Add("readings", driver.readings)
      .Add("rejected", driver.rejected)
      .Add("failures", driver.failures)
      .Add("silent_seconds", SecondsOrNan(driver.silent_for))
      .Add("missing", driver.missing);
  return json;
}

JsonObject AlertsJson(const Board::Notice& board) {
  JsonObject json;
  json.Add("active", Each(board.active, AlertJson))
      .Add("hidden", board.hidden_alerts)
      .Add("past", Each(board.past, AlertJson));
  return json;
}

JsonObject RulesJson(const AgentView& view) {
  JsonObject json;
  json.Add("in_force", std::uint64_t{view.board.rules})
      .Add("hash", view.rules.hash)
      .Add("errors", std::uint64_t{view.rules.findings + view.rules.bundle_findings})
      .Add("refused", view.rules.refused)
      .Add("refused_bundle", view.rules.refused_bundle);
  return json;
}

JsonObject RecordsJson(const uplink::Ledger::Snapshot& books) {
  JsonObject dropped;
  for (const auto& [key, records] : books.dropped) {
    dropped.Add(std::string(ToString(key.first)) + "." + key.second, records);
  }
  JsonObject json;
  json.Add("accepted", books.accepted)
      .Add("recovered", books.recovered)
      .Add("acknowledged", books.acknowledged)
      .Add("queued", books.queued)
      .Add("dropped", books.dropped_total())
      .Add("dropped_by", dropped)
      .Add("residual", books.residual);
  return json;
}

JsonObject OutboxJson(const AgentView& view) {
  const uplink::OutboxStatus& outbox = view.uplink.outbox;
  JsonObject json;
  json.Add("batches", outbox.batches)
      .Add("records", outbox.records)
      .Add("committed_records", outbox.committed_records)
      .Add("memory_bytes", outbox.memory.count)
      .Add("disk_bytes", outbox.disk.count)
      .Add("quota_bytes", view.quota.count)
      .Add("quota_share", outbox.quota_share)
      .Add("oldest_seconds", ToSeconds(outbox.oldest))
      .Add("to_empty_seconds", SecondsOrNan(view.to_empty))
      .Add("to_full_seconds", SecondsOrNan(view.to_full))
      .Add("commits", outbox.commits)
      .Add("failed_commits", outbox.failed_commits)
      .Add("written_bytes", outbox.written.count)
      .Add("error", outbox.error);
  return json;
}

JsonObject HubJson(const uplink::PublisherStatus& publisher, BootTime now) {
  JsonObject json;
  json.Add("link", ToString(publisher.link))
      .Add("for_seconds", ToSeconds(now - publisher.since))
      .Add("in_flight", publisher.in_flight)
      .Add("sent", publisher.sent)
      .Add("returned", publisher.returned)
      .Add("rebuilt", publisher.rebuilt)
      .Add("round_trip_seconds", ToSeconds(publisher.round_trip))
      .Add("error", publisher.error);
  return json;
}

JsonObject DisplayJson(const DisplayView& display) {
  JsonObject json;
  json.Add("broker", display.broker).Add("connected", display.connected);
  return json;
}

JsonObject CertificateJson(const CertificateView& certificate) {
  JsonObject json;
  json.Add("path", certificate.path).Add("use", certificate.use);
  if (certificate.expires) json.Add("expires", ToString(*certificate.expires));
  if (!certificate.error.empty()) json.Add("error", certificate.error);
  return json;
}

JsonObject CountersJson(const std::vector<Counters::Sample>& counters) {
  JsonObject json;
  for (const Counters::Sample& sample : counters) {
    json.Add(sample.name + ToString(sample.labels), sample.value);
  }
  return json;
}

}  // namespace

JsonObject ViewJson(const AgentView& view) {
  JsonObject json;
  json.Add("time", ToString(view.now))
      .Add("vehicle", view.vehicle)
      .Add("version", view.version)
      .Add("started", ToString(view.started))
      .Add("config_hash", view.config_hash)
      .Add("health", HealthJson(view.health))
      .Add("clock", ClockJson(view))
      .Add("drivers", Each(view.drivers, DriverJson))
      .Add("alerts", AlertsJson(view.board))
      .Add("rules", RulesJson(view))
      .Add("records", RecordsJson(view.uplink.ledger))
      .Add("outbox", OutboxJson(view))
      .Add("hub", HubJson(view.uplink.publisher, view.boot))
      .Add("certificates", Each(view.certificates, CertificateJson));
  if (view.display) json.Add("display", DisplayJson(*view.display));
  json.Add("counters", CountersJson(view.counters));
  return json;
}

JsonObject SeriesJson(const Board::Shown& shown, const AgentView& view) {
  JsonObject json;
  json.Add("signal", shown.series->name)
      .Add("labels", shown.series->labels)
      .Add("value", shown.value)
      .Add("unit", shown.series->catalogued == nullptr ? "" : shown.series->catalogued->unit)
      .Add("time", ToString(shown.time))
      .Add("quality", ToString(shown.quality));
  const std::size_t place = shown.driver;
  if (place > 0 && place <= view.drivers.size()) json.Add("driver", view.drivers[place - 1].name);
  return json;
}

JsonObject AlertJson(const rules::AlertEvent& alert) {
  JsonObject json;
  json.Add("alert", alert.alert)
      .Add("state", rules::ToString(alert.state))
      .Add("at", ToString(alert.at))
      .Add("since", ToString(alert.active_since))
      .Add("value", alert.value)
      .Add("labels", alert.labels)
      .Add("annotations", alert.annotations)
      .Add("notify", alert.notify);
  return json;
}

JsonObject ProblemJson(const Problem& problem) {
  JsonObject json;
  json.Add("id", problem.id)
      .Add("severity", SeverityName(problem.severity))
      .Add("subject", problem.subject)
      .Add("since", ToString(problem.since))
      .Add("what", problem.what)
      .Add("mend", problem.mend);
  return json;
}

}  // namespace fleet_edge::agent
