#include "agent/metrics/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/metrics/metric_families.h"
#include "agent/metrics/open_metrics.h"
#include "agent/metrics/process_stats.h"
#include "agent/pipeline/board.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"
#include "uplink/store.h"

namespace fleet_edge::agent {
namespace {

constexpr std::size_t kHashDigits = 12;

/// Why Ledger::Drop() is called. Each is shown from the start, as 0, so that a first drop is an
/// increase.
constexpr std::array<std::string_view, 5> kDropReasons = {"quota", "memory_full", "handover_full",
                                                          "quarantined", "corrupt"};

constexpr std::array<Severity, 3> kSeverities = {Severity::kInfo, Severity::kWarning,
                                                 Severity::kCritical};

double Number(std::uint64_t count) { return static_cast<double>(count); }

/// Seconds since 1970, to the millisecond: finer, two looks at the same moment would differ.
double Timestamp(UtcTime time) {
  return ToSeconds(UtcTime(std::chrono::round<std::chrono::milliseconds>(time.time_since_epoch())));
}

std::string Label(std::string_view text) { return std::string(text); }

void AddAgent(MetricFamilies& out, const AgentView& view) {
  out.Add("fleet_edge_build_info", 1,
          {{"version", view.version},
           {"config", view.config_hash.substr(0, kHashDigits)},
           {"rules", view.rules.hash.substr(0, kHashDigits)}});
  out.Add("fleet_edge_vehicle_info", 1, {{"id", view.vehicle}});
  out.Add("fleet_edge_clock_synced", view.clock_synced ? 1 : 0);
  for (const Counters::Sample& sample : view.counters) {
    out.AddCounter(sample.name, sample.value, sample.labels);
  }
}

void AddDrivers(MetricFamilies& out, const AgentView& view) {
  for (const DriverView& driver : view.drivers) {
    out.Add("fleet_edge_driver_info", 1, {{"driver", driver.name}, {"kind", driver.kind}});
    if (!driver.silent_for) continue;
    out.Add("fleet_edge_driver_last_reading_timestamp_seconds",
            Timestamp(view.now - *driver.silent_for), {{"driver", driver.name}});
  }
}

/// A signal's own labels; `signal`, where it has one, steps aside.
Labels SignalLabels(const Series& series) {
  Labels labels = series.labels;
  const std::string taken(labels.Get("signal"));
  labels.Set("exported_signal", taken.empty() ? labels.Get("exported_signal") : taken);
  labels.Set("signal", series.name);
  return labels;
}

void AddSignals(MetricFamilies& out, const Board::Notice& board) {
  for (const Board::Shown& shown : board.series) {
    if (shown.quality == Quality::kStale || shown.time == UtcTime{}) continue;
    out.Add("fleet_edge_signal_value", shown.value, SignalLabels(*shown.series));
  }
}

void AddRules(MetricFamilies& out, const AgentView& view) {
  out.Add("fleet_edge_signals", Number(view.board.series.size() + view.board.hidden_series));
  out.Add("fleet_edge_rules", Number(view.board.rules));
  out.Add("fleet_edge_rules_refused",
          view.rules.refused.empty() && view.rules.refused_bundle.empty() ? 0 : 1);
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> alerts;
  for (const rules::AlertEvent& alert : view.board.active) {
    ++alerts[{alert.alert, Label(alert.labels.Get("severity")),
              Label(rules::ToString(alert.state))}];
  }
  for (const auto& [key, count] : alerts) {
    const auto& [alert, severity, state] = key;
    out.Add("fleet_edge_alerts", Number(count),
            {{"alert", alert}, {"severity", severity}, {"state", state}});
  }
}

void AddBooks(MetricFamilies& out, const uplink::Ledger::Snapshot& books) {
  out.Add("fleet_edge_records_accepted_total", Number(books.accepted));
  out.Add("fleet_edge_records_recovered_total", Number(books.recovered));
  out.Add("fleet_edge_records_acknowledged_total", Number(books.acknowledged));
  out.Add("fleet_edge_records_queued", Number(books.queued));
  out.Add("fleet_edge_records_residual", static_cast<double>(books.residual));
  auto dropped = books.dropped;
  for (const uplink::Lane lane : uplink::kLanes) {
    for (const std::string_view reason : kDropReasons) dropped[{lane, Label(reason)}] += 0;
  }
  for (const auto& [key, records] : dropped) {
    out.Add("fleet_edge_records_dropped_total", Number(records),
            {{"lane", Label(ToString(key.first))}, {"reason", key.second}});
  }
}

void AddOutbox(MetricFamilies& out, const AgentView& view) {
  const uplink::OutboxStatus& outbox = view.uplink.outbox;
  for (std::size_t i = 0; i < uplink::kLanes.size(); ++i) {
    const Labels lane{{"lane", Label(ToString(uplink::kLanes.at(i)))}};
    const uplink::LaneTotals& totals = outbox.lanes.at(i);
    out.Add("fleet_edge_outbox_batches", Number(totals.batches), lane);
    out.Add("fleet_edge_outbox_records", Number(totals.records), lane);
    out.Add("fleet_edge_outbox_bytes", Number(totals.bytes), lane);
  }
  out.Add("fleet_edge_outbox_committed_records", Number(outbox.committed_records));
  out.Add("fleet_edge_outbox_memory_bytes", Number(outbox.memory.count));
  out.Add("fleet_edge_outbox_disk_bytes", Number(outbox.disk.count));
  out.Add("fleet_edge_outbox_quota_bytes", Number(view.quota.count));
  out.Add("fleet_edge_outbox_quota_used_ratio", outbox.quota_share);
  out.Add("fleet_edge_outbox_oldest_seconds", outbox.batches > 0 ? ToSeconds(outbox.oldest) : 0);
  if (view.to_empty) out.Add("fleet_edge_outbox_drain_seconds", ToSeconds(*view.to_empty));
  out.Add("fleet_edge_outbox_commits_total", Number(outbox.commits));
  out.Add("fleet_edge_outbox_commit_failures_total", Number(outbox.failed_commits));
  out.Add("fleet_edge_outbox_last_commit_seconds", ToSeconds(outbox.last_commit));
  out.Add("fleet_edge_outbox_written_bytes_total", Number(outbox.written.count));
}

void AddHub(MetricFamilies& out, const AgentView& view) {
  const uplink::PublisherStatus& hub = view.uplink.publisher;
  out.Add("fleet_edge_hub_up", hub.link == uplink::PublisherStatus::Link::kUp ? 1 : 0);
  out.Add("fleet_edge_hub_link_change_timestamp_seconds",
          Timestamp(view.now - (view.boot - hub.since)));
  out.Add("fleet_edge_hub_batches_in_flight", Number(hub.in_flight));
  out.Add("fleet_edge_hub_batches_sent_total", Number(hub.sent));
  out.Add("fleet_edge_hub_batches_returned_total", Number(hub.returned));
  out.Add("fleet_edge_hub_rebuilds_total", Number(hub.rebuilt));
  out.Add("fleet_edge_hub_round_trip_seconds", ToSeconds(hub.round_trip));
}

void AddProblems(MetricFamilies& out, const Health& health) {
  for (const Severity severity : kSeverities) {
    const auto count = std::ranges::count(health, severity, &Problem::severity);
    out.Add("fleet_edge_problems", static_cast<double>(count),
            {{"severity", Label(SeverityName(severity))}});
  }
  for (const Problem& problem : health) {
    out.Add("fleet_edge_problem", 1,
            {{"id", problem.id},
             {"severity", Label(SeverityName(problem.severity))},
             {"subject", problem.subject}});
  }
}

void AddProcess(MetricFamilies& out, UtcTime started) {
  out.Add("process_start_time_seconds", Timestamp(started));
  const auto stats = ProcessStats::Read();
  if (!stats) return;
  out.Add("process_cpu_seconds_total", ToSeconds(stats->cpu));
  out.Add("process_resident_memory_bytes", Number(stats->resident.count));
  out.Add("process_virtual_memory_bytes", Number(stats->virtual_size.count));
  out.Add("process_open_fds", stats->open_files);
  out.Add("process_max_fds", stats->max_files);
  out.Add("process_threads", stats->threads);
}

}  // namespace

Metrics::Page Metrics::Write(const AgentView& view, std::string_view accept) {
  // The start's time is reckoned from two clocks; it moves when one steps, not by microseconds.
  constexpr std::chrono::seconds kSame{1};
  if (std::chrono::abs(view.started - started_) > kSame) started_ = view.started;

  MetricFamilies families;
  AddAgent(families, view);
  AddDrivers(families, view);
  if (options_.signals) AddSignals(families, view.board);
  AddRules(families, view);
  AddBooks(families, view.uplink.ledger);
  AddOutbox(families, view);
  AddHub(families, view);
  AddProblems(families, view.health);
  AddProcess(families, started_);
  std::uint64_t hidden = families.hidden() + view.board.hidden_alerts;
  if (options_.signals) hidden += view.board.hidden_series;
  families.Add("fleet_edge_hidden_series", Number(hidden));
  const std::vector<prometheus::MetricFamily> page = families.Take();
  if (PrefersOpenMetrics(accept)) {
    return {.type = "application/openmetrics-text; version=1.0.0; charset=utf-8",
            .text = OpenMetricsText(page)};
  }
  return {.type = "text/plain; version=0.0.4; charset=utf-8",
          .text = prometheus::TextSerializer().Serialize(page)};
}

}  // namespace fleet_edge::agent
