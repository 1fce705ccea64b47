#include "agent/diagnosis.h"

#include <string>
#include <vector>

#include "agent/agent_view.h"
#include "agent/config.h"
#include "agent/health.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

using Problems = std::vector<Problem>;

void FindClock(const AgentView& view, Problems& found) {
  if (view.clock_synced) return;
  found.push_back({.id = "clock_not_set",
                   .severity = Severity::kWarning,
                   .what = "the clock is not kept in step by NTP or GNSS: times may be wrong",
                   .mend = "see `chronyc tracking` or `timedatectl`, and give the box a time "
                           "server or a GNSS receiver's time"});
}

void FindHub(const AgentView& view, const std::string& hub, Problems& found) {
  const uplink::PublisherStatus& publisher = view.uplink.publisher;
  const std::string why = publisher.error.empty() ? "" : ": " + publisher.error;
  if (publisher.link != uplink::PublisherStatus::Link::kUp) {
    found.push_back({.id = "hub_unreachable",
                     .severity = Severity::kWarning,
                     .subject = hub,
                     .what = "no connection to the hub" + why,
                     .mend = "readings wait in the outbox; see that the box has a network, then "
                             "run `fleet-edge doctor`"});
  } else if (!publisher.error.empty() && view.uplink.ledger.queued > 0) {
    found.push_back({.id = "hub_unreachable",
                     .severity = Severity::kCritical,
                     .subject = hub,
                     .what = "the hub refuses what is sent" + why,
                     .mend = "see on the hub that the topics exist and this vehicle may write "
                             "them; `fleet-edge doctor` tries each"});
  }
}

void FindDisk(const AgentView& view, Problems& found) {
  const std::string& error = view.uplink.outbox.error;
  if (error.empty()) return;
  found.push_back({.id = "disk_failing",
                   .severity = Severity::kCritical,
                   .what = "the outbox can't write: " + error,
                   .mend = "make room on its disk, or mount it writable; what is in memory is "
                           "lost in a power cut"});
}

void FindRules(const AgentView& view, Problems& found) {
  if (view.rules.refused.empty()) return;
  found.push_back(
      {.id = "rules_refused",
       .severity = Severity::kWarning,
       .what = "changed rule files are refused, the old rules go on: " + view.rules.refused,
       .mend = "mend the file; it is read again when it changes. `fleet-edge check` "
               "lists all mistakes"});
}

}  // namespace

std::vector<Problem> Diagnosis::Find(const AgentView& view) {
  Problems found;
  FindClock(view, found);
  FindHub(view, options_.hub, found);
  FindDisk(view, found);
  FindRules(view, found);
  return found;
}

Diagnosis::Options WhatToKnow(const Config& config) {
  Diagnosis::Options options;
  const auto hub = config.uplink.kafka.find("bootstrap.servers");
  if (hub != config.uplink.kafka.end()) options.hub = hub->second;
  return options;
}

}  // namespace fleet_edge::agent
