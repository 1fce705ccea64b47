#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/time.h"
#include "simulators/alert_match.h"
#include "simulators/fleet_match.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/reading_match.h"
#include "simulators/report.h"
#include "simulators/sequence_check.h"

namespace fleet_edge::simulators {

/// Holds the hub's records against a run's ledger. Both may come in at any time and in any order
/// among each other, but for the ledger's beginning: records come when begun(). No I/O, no clock;
/// one thread.
class Verifier {
 public:
  struct Options {
    Promise promise;
    Duration lateness = std::chrono::milliseconds{500};  ///< of the rules, for latencies
  };

  explicit Verifier(Options options) : options_(std::move(options)) {}

  void Add(const LedgerEntry& entry);
  void Add(const HubRecord& record);

  /// True once the ledger's start is there.
  bool begun() const { return start_.has_value(); }

  /// True once the ledger has its end.
  bool complete() const { return end_.has_value(); }

  /// How things stand.
  Report Compare() const;

 private:
  void AddTelemetry(const HubRecord& record);
  void AddAlert(const HubRecord& record);
  void AddStatus(const HubRecord& record);
  void Broken(const HubRecord& record, const std::string& why);
  void Measure(const DisplayedChange& shown);
  Report::Latency Latencies() const;

  Options options_;

  std::optional<LedgerStart> start_;
  std::optional<LedgerEnd> end_;
  std::vector<std::vector<ReadingMatch::Slot>> forms_;  // by form: the slots of its values
  std::uint64_t messages_ = 0;
  std::set<std::tuple<std::string, std::string, AlertChange, UtcTime>> shown_;
  std::vector<Duration> latencies_;

  std::optional<FleetMatch> fleet_;  // instead of the next two, for the ledger of a fleet
  ReadingMatch readings_;
  AlertMatch alerts_;
  std::array<SequenceCheck, 3> sequences_;  // telemetry, alerts, status
  Report seen_;  // what is known without a comparison: gaps, broken records, bytes
};

}  // namespace fleet_edge::simulators
