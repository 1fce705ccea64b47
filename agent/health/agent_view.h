#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/config_watch.h"
#include "agent/health/health.h"
#include "agent/pipeline/board.h"
#include "core/bytes.h"
#include "core/counters.h"
#include "core/time.h"
#include "uplink/status.h"

namespace fleet_edge::agent {

/// One driver at one moment. A value.
struct DriverView {
  std::string name{};
  std::string kind{};                    ///< the key in the configuration: can, mqtt, …
  std::uint64_t readings = 0;            ///< handed on since this start
  std::uint64_t rejected = 0;            ///< of its input, whatever the reason
  std::uint64_t failures = 0;            ///< times it was made anew
  std::optional<Duration> silent_for{};  ///< since its last reading; nothing before the first
  std::string missing{};                 ///< path of a device of its that is not there; or empty
  bool away = false;                     ///< there is no connection to its source
};

/// The rules at one moment. A value.
struct RulesView {
  std::string hash{};        ///< SHA-256 of the files in force
  std::string refused{};     ///< first finding of files that were refused since; empty: none were
  std::size_t findings = 0;  ///< errors in them

  std::string refused_bundle{};     ///< first finding of a delivered bundle that was refused since
  std::string bundle{};             ///< its name; may be empty
  std::size_t bundle_findings = 0;  ///< errors in it
};

/// The driver's display at one moment. A value.
struct DisplayView {
  std::string broker{};
  bool connected = false;
};

/// A certificate that the agent uses, as it was when it was last read. A value.
struct CertificateView {
  std::string path{};
  std::string use{};                 ///< `the hub's authority`, `driver probes`
  std::optional<UtcTime> expires{};  ///< the first of those in the file
  std::string error{};               ///< why it can't be read
};

/// All that the agent shows of itself at one moment: what `status`, /metrics, the status page, the
/// status file and the health model are made from. A value.
struct AgentView {
  std::string vehicle{};
  std::string version{};
  std::string config_hash{};
  UtcTime now{};
  BootTime boot{};  ///< the same moment
  UtcTime started{};
  bool clock_synced = false;          ///< by the kernel's word
  std::vector<DriverView> drivers{};  ///< in the configuration's order
  Board::Notice board{};
  RulesView rules{};
  uplink::UplinkStatus uplink{};
  Bytes quota{};                         ///< of the outbox's disk part
  std::optional<Duration> to_empty{};    ///< of the outbox, at the last minute's pace
  std::optional<Duration> to_full{};     ///< … at the pace of the last ten minutes
  std::optional<DisplayView> display{};  ///< nothing: the driver has none
  std::vector<CertificateView> certificates{};
  std::vector<Counters::Sample> counters{};
  ConfigWatch::State config{};  ///< on disk, beside the one that runs; for the health model
  Health health{};              ///< as of the last look, a second ago at most
};

}  // namespace fleet_edge::agent
