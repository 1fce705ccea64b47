#include "agent/health/diagnosis.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/health/agent_view.h"
#include "agent/health/driver_diagnosis.h"
#include "agent/health/health.h"
#include "agent/health/hub_error.h"
#include "agent/text/wording.h"
#include "core/counters.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

using Problems = std::vector<Problem>;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Duration kFullSoon = hours{12};  // a night: nobody looks
constexpr Duration kFullVerySoon = hours{1};
constexpr Duration kHubOwesAnswer = seconds{15};  // a poor link's round trip takes some
constexpr Duration kHubAwayForLong = hours{24};
constexpr Duration kExpiresSoon = days{30};

void FindClock(const AgentView& view, Problems& found) {
  if (view.clock_synced) return;
  found.push_back({.id = "clock_not_set",
                   .severity = Severity::kWarning,
                   .what = "the clock is kept in step by neither NTP nor GNSS: times may be wrong",
                   .mend = "see `timedatectl` or `chronyc tracking`, and give the box a time "
                           "server or a GNSS receiver's time"});
}

void FindHub(const AgentView& view, const std::string& hub, Problems& found) {
  const uplink::PublisherStatus& publisher = view.uplink.publisher;
  const HubError error = ExplainHubError(publisher.error);
  const std::string why = error.words.empty() ? "" : ": " + error.words;
  const std::uint64_t queued = view.uplink.ledger.queued;
  const std::string waiting = queued == 0 ? ""
                                          : ", " + Wording(queued, "record") +
                                                (queued == 1 ? " waits" : " wait") + " for it";
  Problem problem{.id = "hub_unreachable", .subject = hub, .mend = error.mend};
  if (publisher.link != uplink::PublisherStatus::Link::kUp) {
    const bool long_away = view.boot - publisher.since >= kHubAwayForLong;
    problem.severity = long_away ? Severity::kCritical : Severity::kWarning;
    problem.what = "no connection to the hub" + waiting + why;
  } else if (!publisher.error.empty() && queued > 0) {
    // Time alone does not mend it.
    problem.severity = Severity::kCritical;
    problem.what = "the hub refuses what is sent" + why;
  } else if (publisher.unanswered >= kHubOwesAnswer) {
    problem.severity = Severity::kWarning;
    problem.what = "the hub answers nothing" + waiting;
    problem.mend = ExplainHubError("timed out").mend;
  } else {
    return;
  }
  found.push_back(std::move(problem));
}

void FindFilling(const AgentView& view, Problems& found) {
  if (!view.to_full || *view.to_full > kFullSoon) return;
  std::array<char, 16> share{};
  std::snprintf(share.data(), share.size(), "%.0f%%", view.uplink.outbox.quota_share * 100);
  found.push_back(
      {.id = "outbox_filling",
       .severity = *view.to_full <= kFullVerySoon ? Severity::kCritical : Severity::kWarning,
       .what = "the outbox is " + std::string(share.data()) + " full and will be full " + "in " +
               Wording(*view.to_full) + ", about " +
               ToString(std::chrono::floor<std::chrono::minutes>(view.now + *view.to_full)) +
               "; the oldest telemetry goes then",
       .mend = "bring the hub's connection back, raise outbox.quota, or send less "
               "(uplink.thin)"});
}

void FindDisk(const AgentView& view, Problems& found) {
  const std::string& error = view.uplink.outbox.error;
  if (error.empty()) return;
  found.push_back({.id = "disk_failing",
                   .severity = Severity::kCritical,
                   .what = "the outbox can't write: " + error,
                   .mend = "make room on its disk (`df -h`) or mount it writable (`dmesg` tells of "
                           "errors); what is in memory is lost in a power cut"});
}

void FindRules(const AgentView& view, const std::vector<Counters::Sample>& grown, Problems& found) {
  if (!view.rules.refused.empty()) {
    found.push_back(
        {.id = "rules_refused",
         .severity = Severity::kWarning,
         .what = "changed rule files are refused, the old rules go on: " + view.rules.refused,
         .mend = "mend the file: it is read again when it changes; `fleet-edge check` "
                 "lists all mistakes"});
  }
  if (!view.rules.refused_bundle.empty()) {
    found.push_back(
        {.id = "rules_refused",
         .severity = Severity::kWarning,
         .subject = "bundle" + (view.rules.bundle.empty() ? "" : " " + view.rules.bundle),
         .what = "a delivered bundle of rules is refused, the old rules go on: " +
                 view.rules.refused_bundle,
         .mend = "send one that is mended, or take it away where it is retained; the log lists "
                 "all mistakes"});
  }
  const bool failed = std::ranges::any_of(grown, [](const Counters::Sample& sample) {
    return sample.name == "fleet_edge_rules_evaluations_failed_total";
  });
  if (!failed) return;
  found.push_back(
      {.id = "rule_failing",
       .severity = Severity::kCritical,
       .what = view.board.rule_failure.empty() ? "a rule gives no result" : view.board.rule_failure,
       .mend = "mend the rule's expression; `fleet-edge replay` shows it on a "
               "recording"});
}

void FindConfig(const AgentView& view, Problems& found) {
  if (!view.config.differs) return;
  Problem problem{.id = "config_changed",
                  .severity = Severity::kInfo,
                  .what = "the configuration on disk has changed since the agent's start",
                  .mend = "restart the agent to use it: `systemctl restart fleet-edge`"};
  if (!view.config.mistake.empty()) {
    problem.severity = Severity::kWarning;
    problem.what = "the configuration on disk has changed, and the next start would fail: " +
                   view.config.mistake;
    problem.mend = "correct it: `fleet-edge check -c` with its file lists all mistakes";
  }
  found.push_back(std::move(problem));
}

void FindDisplay(const AgentView& view, Problems& found) {
  if (!view.display || view.display->connected) return;
  const bool alert_waits =
      std::ranges::any_of(view.board.active, [](const rules::AlertEvent& alert) {
        return alert.state == rules::AlertState::kFiring &&
               std::ranges::find(alert.notify, "driver") != alert.notify.end();
      });
  found.push_back({.id = "display_unreachable",
                   .severity = alert_waits ? Severity::kCritical : Severity::kWarning,
                   .subject = view.display->broker,
                   .what = std::string("the broker of the driver's display is not reached") +
                           (alert_waits ? ", and an alert fires that the driver doesn't see" : ""),
                   .mend = "see that the broker runs (`systemctl status mosquitto`) and that "
                           "notify.driver.mqtt is right"});
}

void FindCertificates(const AgentView& view, Problems& found) {
  for (const CertificateView& one : view.certificates) {
    if (!one.expires && one.error.empty()) continue;
    if (one.expires && *one.expires - view.now > kExpiresSoon) continue;
    Problem problem{.id = "certificate_expires",
                    .severity = Severity::kCritical,
                    .subject = one.path,
                    .mend =
                        "put a new one in its place and restart the agent: `systemctl restart "
                        "fleet-edge`"};
    if (!one.expires) {
      problem.what = "the certificate of " + one.use + " can't be read: " + one.error;
      problem.mend = "see that the file is there, is PEM and may be read by the agent's user";
    } else if (*one.expires <= view.now) {
      problem.what = "the certificate of " + one.use + " has expired on " + ToString(*one.expires);
    } else {
      problem.severity = Severity::kWarning;
      problem.what = "the certificate of " + one.use + " expires on " + ToString(*one.expires) +
                     ", in " + Wording(*one.expires - view.now);
    }
    found.push_back(std::move(problem));
  }
}

/// Readings that get no further than the agent's door.
void FindInputLimits(const std::vector<Counters::Sample>& grown, Problems& found) {
  std::uint64_t dropped = 0;
  const Counters::Sample* beyond = nullptr;
  for (const Counters::Sample& sample : grown) {
    if (sample.name != kInputRejectedTotal) continue;
    const auto reason = sample.labels.Get("reason");
    if (reason == "queue_full") dropped += sample.value;
    if (reason == "series_limit") beyond = &sample;
  }
  if (dropped > 0) {
    found.push_back({.id = "readings_dropped",
                     .severity = Severity::kCritical,
                     .what = Wording(dropped) + " readings were dropped within a second: more came "
                                                "in than the pipeline takes",
                     .mend = "slow the sources, or see what else the box computes (`top`); "
                             "queue.readings bridges short bursts"});
  }
  if (beyond != nullptr) {
    found.push_back({.id = "series_limit",
                     .severity = Severity::kCritical,
                     .subject = std::string(beyond->labels.Get("driver")),
                     .what = "more different series came in than are kept apart; new ones are "
                             "refused, such as " +
                             std::string(beyond->labels.Get("signal")),
                     .mend = "look for a topic segment or label that never repeats, such as a "
                             "time or a counter; restart the agent afterwards"});
  }
}

}  // namespace

void Diagnosis::FindDrops(const AgentView& view, std::vector<Problem>& found) {
  std::uint64_t full = 0;
  std::uint64_t refused = 0;
  std::uint64_t damaged = 0;
  for (const auto& [key, records] : view.uplink.ledger.dropped) {
    const auto before = dropped_.find(key);
    const std::uint64_t grown = records - (before == dropped_.end() ? 0 : before->second);
    (key.second == "quarantined" ? refused : key.second == "corrupt" ? damaged : full) += grown;
  }
  dropped_ = view.uplink.ledger.dropped;
  if (full > 0) {
    found.push_back({.id = "outbox_full",
                     .severity = Severity::kCritical,
                     .what = "the outbox is full and drops the oldest readings",
                     .mend = "bring the hub's connection back, raise outbox.quota, or send less "
                             "(uplink.thin)"});
  }
  if (refused > 0) {
    found.push_back({.id = "batch_refused",
                     .severity = Severity::kCritical,
                     .what = Wording(refused) + " records were put aside: the hub will never take "
                                                "their batch",
                     .mend = "see in the log why; message.max.bytes of hub and topic must be 1 MiB "
                             "or more"});
  }
  if (damaged > 0) {
    found.push_back({.id = "outbox_damaged",
                     .severity = Severity::kCritical,
                     .what = Wording(damaged) + " records in the outbox were damaged and are lost",
                     .mend = "look at the disk's health (`dmesg`, `smartctl`) before it loses "
                             "more"});
  }
}

std::vector<Problem> Diagnosis::Find(const AgentView& view) {
  Problems found;
  const std::vector<Counters::Sample> grown = growth_.Since(view.counters);
  FindDriverProblems(view, grown, options_.silence, awake_since_, found);
  FindInputLimits(grown, found);
  FindClock(view, found);
  FindRules(view, grown, found);
  FindConfig(view, found);
  FindDisplay(view, found);
  FindHub(view, options_.hub, found);
  FindFilling(view, found);
  FindDisk(view, found);
  FindCertificates(view, found);
  FindDrops(view, found);
  return found;
}

Diagnosis::Options WhatToKnow(const Config& config) {
  Diagnosis::Options options{.hub = {}, .silence = config.health.silence};
  const auto hub = config.uplink.kafka.find("bootstrap.servers");
  if (hub != config.uplink.kafka.end()) options.hub = hub->second;
  return options;
}

}  // namespace fleet_edge::agent
