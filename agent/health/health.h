#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace fleet_edge::agent {

/// How bad a problem is.
enum class Severity : std::uint8_t {
  kInfo,      ///< worth knowing; all is done
  kWarning,   ///< something will not be done, or is at risk, if nobody acts
  kCritical,  ///< something is not done: readings aren't taken, judged, kept or delivered
};

/// `info`, `warning`, `critical`.
std::string_view SeverityName(Severity severity);

/// One thing that is wrong. A value.
struct Problem {
  std::string id{};  ///< of kProblemKinds; never changes its meaning
  Severity severity = Severity::kWarning;
  std::string subject{};  ///< which one: a driver's name, a file, a topic; empty where there is one
  UtcTime since{};        ///< when it began, by the agent's clock
  std::string what{};     ///< a sentence without its full stop: what is wrong, and why
  std::string mend{};     ///< a sentence: what to do about it
  bool early = false;     ///< a note: not found for long enough to be a problem; nobody is called
};

/// All that is wrong at one moment, the worst first, then the oldest.
using Health = std::vector<Problem>;

/// `ok` when nothing is wrong, else the name of the worst severity.
std::string_view StatusName(const Health& health);

/// What can be wrong with the agent: the identifiers that `status`, the status topic, the log, the
/// metrics, the status page, docs/troubleshooting.md and `doctor` share.
struct ProblemKind {
  std::string_view id;
  std::string_view help;  ///< a line: when it is raised
};

inline constexpr ProblemKind kProblemKinds[] = {
    {"driver_silent", "a driver has read nothing for longer than its source should be silent"},
    {"driver_failing", "a driver failed by a mistake of its own and was made anew"},
    {"readings_refused", "what a driver reads is refused: out of range, suspect or malformed"},
    {"readings_dropped", "more readings come in than the pipeline takes"},
    {"series_limit", "more series come in than are kept apart"},
    {"clock_not_set", "the wall clock is not kept in step by NTP or GNSS"},
    {"hub_unreachable", "no connection to the hub, or it refuses what is sent"},
    {"batch_refused", "the hub will never take a batch; it was put aside"},
    {"outbox_filling", "the outbox will be full within hours if the hub does not take what waits"},
    {"outbox_full", "the outbox drops the oldest telemetry"},
    {"outbox_damaged", "readings in the outbox were damaged on disk and are lost"},
    {"disk_failing", "the outbox can't write: disk full, read-only or broken"},
    {"config_changed", "the configuration on disk is not the one that runs, or has mistakes"},
    {"rules_refused", "changed rule files, or a delivered bundle, have mistakes; old rules go on"},
    {"rule_failing", "a rule's expression gives no result"},
    {"display_unreachable", "the driver's display can't be told of alerts"},
    {"certificate_expires", "a certificate expires within 30 days, has expired or can't be read"},
};

}  // namespace fleet_edge::agent
