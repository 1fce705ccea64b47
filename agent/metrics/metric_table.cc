#include "agent/metrics/metric_table.h"

#include <span>

namespace fleet_edge::agent {
namespace {

using enum MetricKind;

constexpr MetricDoc kTable[] = {
    {"fleet_edge_build_info", kGauge, "version, config, rules",
     "1; the version, and the first 12 digits of the hashes of configuration and rules"},
    {"fleet_edge_vehicle_info", kGauge, "id", "1; the vehicle's id, the key of its records"},
    {"fleet_edge_clock_synced", kGauge, "", "1 while NTP or GNSS keeps the wall clock in step"},
    {"fleet_edge_clock_steps_total", kCounter, "",
     "Times the wall clock stepped and the agent followed it"},

    {"fleet_edge_driver_info", kGauge, "driver, kind", "1; each driver and its kind"},
    {"fleet_edge_driver_last_reading_timestamp_seconds", kGauge, "driver",
     "When the driver last handed on a reading; absent before its first"},
    {"fleet_edge_driver_failures_total", kCounter, "driver",
     "Times the driver failed by a mistake of its own and was made anew"},
    {"fleet_edge_input_readings_total", kCounter, "driver", "Readings that drivers handed on"},
    {"fleet_edge_source_connections_total", kCounter, "driver",
     "Connections that a driver has made to its broker"},
    {"fleet_edge_source_losses_total", kCounter, "driver", "Of these, how many were lost"},
    {"fleet_edge_input_rejected_total", kCounter, "driver, signal, reason",
     "Readings that are not good, or were dropped before the outbox"},
    {"fleet_edge_readings_total", kCounter, "quality", "Readings by their quality"},
    {"fleet_edge_readings_thinned_total", kCounter, "signal",
     "Readings that rules saw and that were left out of what is sent, as configured"},
    {"fleet_edge_signals", kGauge, "",
     "Signals, with their labels, that were seen since the start"},
    {"fleet_edge_signal_value", kGauge, "signal, and the signal's own",
     "The last value of each signal, in the signal's unit; with http.signals alone"},

    {"fleet_edge_rules", kGauge, "", "Rules in force"},
    {"fleet_edge_rules_refused", kGauge, "",
     "1 while changed rule files or a delivered bundle have mistakes and the old rules go on"},
    {"fleet_edge_rule_bundles_total", kCounter, "outcome",
     "Bundles of rules that were delivered: applied, refused or oversized"},
    {"fleet_edge_rules_samples_dropped_total", kCounter, "",
     "Samples that came too late or too many for the windows of rules"},
    {"fleet_edge_rules_alerts_over_limit_total", kCounter, "",
     "Alerts that were not made, as their rule had too many"},
    {"fleet_edge_rules_series_over_limit_total", kCounter, "",
     "Series that rules did not keep, as there were too many"},
    {"fleet_edge_rules_instants_skipped_total", kCounter, "",
     "Evaluations that were left out, as they came in too late"},
    {"fleet_edge_rules_evaluations_failed_total", kCounter, "",
     "Evaluations of rules that gave no result"},
    {"fleet_edge_alerts", kGauge, "alert, severity, state",
     "Alerts of the vehicle's rules that are pending or firing"},
    {"fleet_edge_display_messages_total", kCounter, "",
     "Messages that the driver's display was sent"},
    {"fleet_edge_display_failures_total", kCounter, "",
     "Messages that the driver's display could not be sent"},

    {"fleet_edge_records_accepted_total", kCounter, "",
     "Records taken to be delivered: readings, alerts, status"},
    {"fleet_edge_records_recovered_total", kCounter, "",
     "Records of earlier runs that this start found in the outbox"},
    {"fleet_edge_records_acknowledged_total", kCounter, "", "Records that the hub has"},
    {"fleet_edge_records_dropped_total", kCounter, "lane, reason",
     "Records given up; each is reported to the hub as a gap"},
    {"fleet_edge_records_queued", kGauge, "", "Records that wait, by the books"},
    {"fleet_edge_records_residual", kGauge, "",
     "Records by the books less those counted in the queues: always 0"},

    {"fleet_edge_outbox_batches", kGauge, "lane", "Batches that wait, in memory and on disk"},
    {"fleet_edge_outbox_records", kGauge, "lane", "Records that wait, in memory and on disk"},
    {"fleet_edge_outbox_bytes", kGauge, "lane", "Size of the batches that wait"},
    {"fleet_edge_outbox_committed_records", kGauge, "",
     "Records that wait and would survive a power cut"},
    {"fleet_edge_outbox_memory_bytes", kGauge, "", "Memory taken by the outbox's head"},
    {"fleet_edge_outbox_disk_bytes", kGauge, "", "Disk taken by the outbox"},
    {"fleet_edge_outbox_quota_bytes", kGauge, "", "Disk that the outbox may take"},
    {"fleet_edge_outbox_quota_used_ratio", kGauge, "", "Disk taken, of the quota: 0 to 1"},
    {"fleet_edge_outbox_oldest_seconds", kGauge, "",
     "Age of the oldest batch that waits; 0 when none does"},
    {"fleet_edge_outbox_drain_seconds", kGauge, "",
     "Time until the outbox is empty, at the last minute's pace; absent while it doesn't shrink"},
    {"fleet_edge_outbox_commits_total", kCounter, "", "Transactions of the outbox's database"},
    {"fleet_edge_outbox_commit_failures_total", kCounter, "", "Transactions that failed"},
    {"fleet_edge_outbox_last_commit_seconds", kGauge, "", "How long the last transaction took"},
    {"fleet_edge_outbox_written_bytes_total", kCounter, "",
     "Bytes written to the outbox's database and its journal: what wears the flash"},

    {"fleet_edge_hub_up", kGauge, "", "1 while the hub is connected"},
    {"fleet_edge_hub_link_change_timestamp_seconds", kGauge, "",
     "When the connection to the hub came up, or went down"},
    {"fleet_edge_hub_batches_in_flight", kGauge, "",
     "Batches sent to the hub and not answered yet"},
    {"fleet_edge_hub_batches_sent_total", kCounter, "",
     "Batches sent to the hub, repeats included"},
    {"fleet_edge_hub_batches_returned_total", kCounter, "",
     "Batches that came back undelivered, to be sent again"},
    {"fleet_edge_hub_rebuilds_total", kCounter, "",
     "Times the hub's client was made anew after a fatal error"},
    {"fleet_edge_hub_round_trip_seconds", kGauge, "",
     "From sending the last acknowledged batch to its answer"},

    {"fleet_edge_problems", kGauge, "severity", "Problems of the agent at this moment"},
    {"fleet_edge_problem", kGauge, "id, severity, subject",
     "1 for each problem of the agent, while it lasts"},
    {"fleet_edge_hidden_series", kGauge, "",
     "Series left out of this page, as there were too many of their kind"},

    {"process_cpu_seconds_total", kCounter, "", "CPU time taken, user and system"},
    {"process_resident_memory_bytes", kGauge, "", "Memory taken"},
    {"process_virtual_memory_bytes", kGauge, "", "Address space taken"},
    {"process_open_fds", kGauge, "", "File descriptors in use"},
    {"process_max_fds", kGauge, "", "File descriptors allowed"},
    {"process_threads", kGauge, "", "Threads"},
    {"process_start_time_seconds", kGauge, "", "When the agent started"},
};

}  // namespace

std::span<const MetricDoc> MetricTable() { return kTable; }

}  // namespace fleet_edge::agent
